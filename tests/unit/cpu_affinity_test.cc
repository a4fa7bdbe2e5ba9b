#include "worker/system/cpu_affinity.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace page_count {
namespace {

using namespace std::chrono_literals;

cpu_set_t OwnProcessors() {
  cpu_set_t processors{};
  EXPECT_EQ(sched_getaffinity(0, sizeof(processors), &processors), 0);
  return processors;
}

int Last(const cpu_set_t& processors) {
  int last = -1;
  for (int processor = 0; processor < CPU_SETSIZE; ++processor) {
    if (CPU_ISSET(static_cast<size_t>(processor), &processors)) last = processor;
  }
  return last;
}

TEST(CpuAffinityTest, BindsToTheLastProcessorUntilUnbound) {
  const cpu_set_t all = OwnProcessors();
  if (CPU_COUNT(&all) < 2) GTEST_SKIP() << "needs two processors";
  CpuAffinity affinity({pthread_self()});
  affinity.Bind();
  const cpu_set_t bound = OwnProcessors();
  affinity.Unbind();
  EXPECT_EQ(CPU_COUNT(&bound), 1);
  EXPECT_EQ(Last(bound), Last(all));
  const cpu_set_t unbound = OwnProcessors();
  EXPECT_TRUE(CPU_EQUAL(&unbound, &all));
}

TEST(CpuAffinityTest, UsesOnlyTheProcessorsThatTheProcessMayUse) {
  const cpu_set_t all = OwnProcessors();
  if (CPU_COUNT(&all) < 2) GTEST_SKIP() << "needs two processors";
  cpu_set_t fewer = all;
  CPU_CLR(static_cast<size_t>(Last(all)), &fewer);
  ASSERT_EQ(sched_setaffinity(0, sizeof(fewer), &fewer), 0);
  CpuAffinity affinity({pthread_self()});
  affinity.Bind();
  const cpu_set_t bound = OwnProcessors();
  affinity.Unbind();
  const cpu_set_t unbound = OwnProcessors();
  ASSERT_EQ(sched_setaffinity(0, sizeof(all), &all), 0);
  EXPECT_EQ(Last(bound), Last(fewer));
  EXPECT_TRUE(CPU_EQUAL(&unbound, &fewer));
}

// Threads that burn processor time on demand.
class Burners {
 public:
  ~Burners() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
  }
  void Burn(bool burn) { burn_ = burn; }
  std::vector<pthread_t> handles() {
    std::vector<pthread_t> handles;
    for (std::thread& thread : threads_) handles.push_back(thread.native_handle());
    return handles;
  }
  int processors() {
    cpu_set_t processors{};
    EXPECT_EQ(pthread_getaffinity_np(threads_.back().native_handle(), sizeof(processors), &processors), 0);
    return CPU_COUNT(&processors);
  }

 private:
  std::thread Start() {
    return std::thread([this] {
      while (!stop_) {
        if (!burn_) std::this_thread::sleep_for(1ms);
      }
    });
  }

  std::atomic<bool> stop_ = false;
  std::atomic<bool> burn_ = false;
  std::array<std::thread, 4> threads_{Start(), Start(), Start(), Start()};
};

TEST(CpuAffinityTest, LeavesOtherThreadsAlone) {
  const cpu_set_t all = OwnProcessors();
  Burners others;
  CpuAffinity affinity(others.handles());
  affinity.Bind();
  const cpu_set_t own = OwnProcessors();
  EXPECT_TRUE(CPU_EQUAL(&own, &all));
  EXPECT_EQ(others.processors(), 1);
}

TEST(CpuAffinityTest, LetsThreadsGoWhileTheyNeedNearlyAllOfTheProcessor) {
  const cpu_set_t all = OwnProcessors();
  if (CPU_COUNT(&all) < 2) GTEST_SKIP() << "needs two processors";
  Burners burners;
  CpuAffinity affinity(burners.handles());
  const auto adapts_to = [&](int processors) {
    for (const auto end = std::chrono::steady_clock::now() + 60s; burners.processors() != processors;) {
      if (std::chrono::steady_clock::now() > end) return false;
      affinity.Adapt();
      std::this_thread::sleep_for(1ms);
    }
    return true;
  };
  affinity.Bind();
  ASSERT_EQ(burners.processors(), 1);
  burners.Burn(true);
  EXPECT_TRUE(adapts_to(CPU_COUNT(&all)));
  burners.Burn(false);
  EXPECT_TRUE(adapts_to(1));
}

}  // namespace
}  // namespace page_count
