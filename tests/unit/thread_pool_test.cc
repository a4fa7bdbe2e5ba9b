#include "worker/server/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <set>
#include <thread>

#include "tests/unit/fake_visit_store.h"

namespace page_count {
namespace {

std::unique_ptr<VisitStore> OpenFake() { return std::make_unique<FakeVisitStore>(); }

TEST(ThreadPoolTest, DoesAllThatItIsGiven) {
  constexpr int kPieces = 1'000;
  std::atomic<int> left = kPieces;
  std::promise<void> done;
  ThreadPool threads(3, OpenFake);
  for (int i = 0; i < kPieces; ++i) {
    threads.Add([&](VisitStore&) {
      if (--left == 0) done.set_value();
    });
  }
  done.get_future().wait();
}

TEST(ThreadPoolTest, GivesEachThreadAStoreOfItsOwn) {
  constexpr int kThreads = 3;
  std::mutex mutex;
  std::condition_variable changed;
  std::set<VisitStore*> stores;
  std::set<std::thread::id> ids;
  {
    ThreadPool threads(kThreads, OpenFake);
    for (int i = 0; i < kThreads; ++i) {
      threads.Add([&](VisitStore& store) {
        std::unique_lock lock(mutex);
        stores.insert(&store);
        ids.insert(std::this_thread::get_id());
        changed.notify_all();
        // Holds its thread until all others have come here.
        changed.wait(lock, [&] { return ids.size() == kThreads; });
      });
    }
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return ids.size() == kThreads; });
  }
  EXPECT_EQ(stores.size(), size_t{kThreads});
}

TEST(ThreadPoolTest, EndsAfterWhatHasBegunAndDropsTheRest) {
  std::atomic<bool> first_is_over = false;
  std::atomic<bool> second_ran = false;
  std::promise<void> begun;
  auto token = std::make_shared<int>(0);
  const std::weak_ptr<int> second_waits = token;
  {
    ThreadPool threads(1, OpenFake);
    threads.Add([&](VisitStore&) {
      begun.set_value();
      while (!second_waits.expired()) std::this_thread::yield();
      first_is_over = true;
    });
    begun.get_future().wait();
    threads.Add([&second_ran, token = std::move(token)](VisitStore&) { second_ran = true; });
  }
  EXPECT_TRUE(first_is_over);
  EXPECT_FALSE(second_ran);
}

TEST(ThreadPoolTest, EndsWithoutHavingHadWork) {
  const ThreadPool threads(4, OpenFake);
  SUCCEED() << "the destructor comes back";
}

}  // namespace
}  // namespace page_count
