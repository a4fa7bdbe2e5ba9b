#include <filesystem>

#include "tests/unit/store_fixture.h"

namespace page_count {
namespace {

constexpr int kVisits = 60'000;
constexpr int64_t kReserveBytes = (1'024 + 16) * 4'096;  // and what the visits left take

class FreePagesTest : public StoreTest {
 protected:
  // Each with an address and a page of its own.
  void ImportMany(StoreAdmin& store) const {
    std::vector<LoggedVisit> visits;
    for (int i = 0; i < kVisits; ++i) {
      const std::string number = std::to_string(i);
      visits.push_back({"http://h/" + std::string(150, 'p') + number, "2001:db8::" + number, "Firefox",
                        now_ - std::chrono::hours(48) + std::chrono::milliseconds(i)});
    }
    Import(store, std::move(visits));
  }
  int64_t FileBytes() const {
    Connection connection(database_);
    connection.ReadInt("pragma user_version");
    connection.Checkpoint(Connection::CheckpointKind::kRestart);
    return static_cast<int64_t>(std::filesystem::file_size(database_));
  }
  static void MaintainAll(StoreAdmin& store) {
    while (store.Maintain(StoreAdmin::Load::kQuiet)) {
    }
  }
};

TEST_F(FreePagesTest, GoBackToTheFileSystemAfterACleanup) {
  auto store = OpenStore();
  ImportMany(store);
  MaintainAll(store);
  const int64_t full = FileBytes();
  ASSERT_GT(full, 3 * kReserveBytes);
  EXPECT_FALSE(store.Watch());
  EXPECT_EQ(store.PruneBefore(now_ - std::chrono::hours(24)), kVisits);
  EXPECT_TRUE(store.Watch()) << "nobody else says that there is work";
  MaintainAll(store);
  EXPECT_FALSE(store.Watch());
  EXPECT_LE(FileBytes(), kReserveBytes);
  EXPECT_EQ(store.Check(), std::vector<std::string>());
}

TEST_F(FreePagesTest, StayWhileVisitsAreRecordedAtFullSpeed) {
  auto store = OpenStore();
  ImportMany(store);
  MaintainAll(store);
  const int64_t full = FileBytes();
  store.PruneBefore(now_ - std::chrono::hours(24));
  while (store.Maintain(StoreAdmin::Load::kBusy)) {
  }
  EXPECT_EQ(FileBytes(), full);
}

}  // namespace
}  // namespace page_count
