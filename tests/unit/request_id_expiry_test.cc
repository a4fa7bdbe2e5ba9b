#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/engine/connection.h"

namespace page_count {
namespace {

class RequestIdExpiryTest : public StoreTest {
 protected:
  void RecordWithIds(SqliteVisitStore& store, const std::string& prefix, int count) {
    std::vector<Visit> visits;
    for (int i = 0; i < count; ++i) {
      visits.push_back(MakeVisit("http://a/"));
      visits.back().request_id = prefix + std::to_string(i);
    }
    Record(store, visits);
  }
  static void MaintainAll(SqliteVisitStore& store) {
    while (store.Maintain(StoreAdmin::Load::kQuiet)) {
    }
  }
  int64_t Kept() { return Connection(database_).ReadInt("select count(*) from request_id"); }
};

TEST_F(RequestIdExpiryTest, ForgetsIdsAfterSevenDays) {
  constexpr int kOld = 9'000;  // more than a transaction looks at
  auto store = OpenStore();
  RecordWithIds(store, "old request ", kOld);
  now_ += std::chrono::days(6);
  RecordWithIds(store, "new request ", 10);
  MaintainAll(store);
  EXPECT_EQ(Kept(), kOld + 10);
  now_ += std::chrono::days(1) + std::chrono::seconds(1);
  MaintainAll(store);
  EXPECT_EQ(Kept(), 10);
}

TEST_F(RequestIdExpiryTest, IsNotAtItUnderLoadNorMoreThanOnceADay) {
  auto store = OpenStore();
  RecordWithIds(store, "old request ", 10);
  MaintainAll(store);  // a round, with nothing to forget
  now_ += std::chrono::days(8);
  while (store.Maintain(StoreAdmin::Load::kBusy)) {
  }
  EXPECT_EQ(Kept(), 10);
  MaintainAll(store);
  EXPECT_EQ(Kept(), 0);
  RecordWithIds(store, "old request ", 10);
  now_ -= std::chrono::days(8);  // its clock was wrong
  MaintainAll(store);
  EXPECT_EQ(Kept(), 10);
}

}  // namespace
}  // namespace page_count
