#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/engine/connection.h"

namespace page_count {
namespace {

class RequestIdJobTest : public StoreTest {
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
  int64_t Kept() { return NumberOf("(select hash from request_id union select hash from recent_request_id)"); }
  int64_t NumberOf(const char* table) {
    return Connection(database_).ReadInt((std::string("select count(*) from ") + table).c_str());
  }
};

TEST_F(RequestIdJobTest, MovesRecentIdsToTheOthersOnceTheyAreMany) {
  auto store = OpenStore();
  auto other = OpenStore();
  RecordWithIds(store, "a few requests ", 100);
  MaintainAll(store);
  EXPECT_EQ(NumberOf("recent_request_id"), 100);
  for (int i = 0; i < 5; ++i) RecordWithIds(other, "many requests " + std::to_string(i) + "-", 1'000);
  MaintainAll(store);
  EXPECT_EQ(NumberOf("recent_request_id"), 1) << "the newest stays";
  EXPECT_EQ(NumberOf("request_id"), 5'100);
  for (SqliteVisitStore* one : {&store, &other}) RecordWithIds(*one, "a few requests ", 100);
  auto third = OpenStore();
  RecordWithIds(third, "many requests 3-", 1'000);
  EXPECT_EQ(VisitsOf(store), 5'100) << "whoever remembers them, or has to look";
}

TEST_F(RequestIdJobTest, ForgetsIdsAfterSevenDays) {
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

TEST_F(RequestIdJobTest, IsNotAtItUnderLoadNorMoreThanOnceADay) {
  auto store = OpenStore();
  RecordWithIds(store, "old request ", 5'000);
  MaintainAll(store);  // a round, with nothing to forget
  now_ += std::chrono::days(8);
  while (store.Maintain(StoreAdmin::Load::kBusy)) {
  }
  EXPECT_EQ(Kept(), 5'000);
  MaintainAll(store);
  EXPECT_EQ(Kept(), 1) << "the newest stays";
  RecordWithIds(store, "another request ", 5'000);
  now_ -= std::chrono::days(8);  // its clock was wrong
  MaintainAll(store);
  EXPECT_EQ(Kept(), 5'001);
}

}  // namespace
}  // namespace page_count
