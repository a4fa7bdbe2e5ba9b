#include "worker/ingest/maintenance.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

#include "tests/unit/fake_visit_store.h"
#include "worker/base/uncaught.h"

namespace page_count {
namespace {

// Counts the pieces of maintenance that are done, and says what each of them does.
class MaintenanceTest : public testing::Test {
 protected:
  std::unique_ptr<FakeVisitStore> Store() {
    auto store = std::make_unique<FakeVisitStore>();
    store->maintain = [this](StoreAdmin::Load load) {
      const std::lock_guard lock(mutex_);
      ++pieces_;
      last_load_ = load;
      changed_.notify_all();
      if (!error_.empty()) throw StoreError(error_);
      return endless_ || pieces_ < pieces_at_first_;
    };
    return store;
  }
  void WaitForPieces(int pieces) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return pieces_ >= pieces; });
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int pieces_ = 0;
  int pieces_at_first_ = 1;
  bool endless_ = false;
  StoreAdmin::Load last_load_{};
  std::string error_;
  StorageHealth storage_health_;
};

TEST_F(MaintenanceTest, BeginsWithWhatAnEarlierProcessLeftBehind) {
  pieces_at_first_ = 3;
  Maintenance maintenance(Store(), storage_health_);
  WaitForPieces(3);
}

TEST_F(MaintenanceTest, DoesMoreOnceItIsWoken) {
  Maintenance maintenance(Store(), storage_health_);
  for (int pieces = 1; pieces < 20; ++pieces) {
    WaitForPieces(pieces);
    maintenance.Wake(Maintenance::When::kNow);
  }
  WaitForPieces(20);
}

TEST_F(MaintenanceTest, DoesSoonWhatIsNotDueNow) {
  Maintenance maintenance(Store(), storage_health_, std::chrono::milliseconds(1));
  WaitForPieces(1);
  maintenance.Wake(Maintenance::When::kSoon);
  WaitForPieces(2);
}

TEST_F(MaintenanceTest, DoesSoonWhatSomebodyElseLeft) {
  auto store = Store();
  store->watch = [] { return true; };
  Maintenance maintenance(std::move(store), storage_health_, std::chrono::milliseconds(1));
  WaitForPieces(2);
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(last_load_, StoreAdmin::Load::kQuiet);
}

TEST_F(MaintenanceTest, WatchesWhatElseIsToBeWatched) {
  int watched = 0;
  Maintenance maintenance(Store(), storage_health_, std::chrono::hours(1), [&] {
    const std::lock_guard lock(mutex_);
    ++watched;
    changed_.notify_all();
  });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return watched >= 2; });
}

TEST_F(MaintenanceTest, DoesWhatIsPutOffUnderLoadOnceItIsOver) {
  Maintenance maintenance(Store(), storage_health_, std::chrono::milliseconds(1));
  WaitForPieces(2);
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(last_load_, StoreAdmin::Load::kQuiet);
}

TEST_F(MaintenanceTest, TellsTheStoreThatThereIsLoadWhereWorkIsDueNow) {
  Maintenance maintenance(Store(), storage_health_, std::chrono::hours(1));
  WaitForPieces(1);
  maintenance.Wake(Maintenance::When::kNow);
  WaitForPieces(2);
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(last_load_, StoreAdmin::Load::kBusy);
}

TEST_F(MaintenanceTest, DoesNotWaitWhereWorkIsDueNow) {
  Maintenance maintenance(Store(), storage_health_, std::chrono::hours(1));
  WaitForPieces(1);
  maintenance.Wake(Maintenance::When::kSoon);
  maintenance.Wake(Maintenance::When::kNow);
  WaitForPieces(2);
}

TEST_F(MaintenanceTest, EndsAfterThePieceItIsAt) {
  endless_ = true;
  {
    Maintenance maintenance(Store(), storage_health_);
    WaitForPieces(10);
  }
  SUCCEED() << "the destructor came back";
}

TEST_F(MaintenanceTest, TriesAgainAtTheNextWakeAfterAnError) {
  testing::internal::CaptureStderr();
  {
    error_ = "disk full";
    Maintenance maintenance(Store(), storage_health_);
    WaitForPieces(1);
    {
      const std::lock_guard lock(mutex_);
      error_.clear();
    }
    maintenance.Wake(Maintenance::When::kNow);
    WaitForPieces(2);
  }
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find("disk full"), std::string::npos) << log;
  EXPECT_TRUE(log.ends_with("storage is back\n")) << log;
}

TEST(MaintenanceDeathTest, ABugInItEndsTheProcessWithALineThatNamesIt) {
  const auto run = [] {
    LogUncaughtExceptions();
    auto store = std::make_unique<FakeVisitStore>();
    store->maintain = [](VisitStore::Load) -> bool { throw std::out_of_range("no such block"); };
    StorageHealth storage_health;
    Maintenance maintenance(std::move(store), storage_health);
    pause();
  };
  EXPECT_DEATH(run(), "a bug ends this process: std::out_of_range: no such block .thread maintenance.");
}

}  // namespace
}  // namespace page_count
