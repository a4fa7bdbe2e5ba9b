#include "worker/store/sqlite/rollup/rollup_job.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/unit/store_fixture.h"

namespace page_count {
namespace {

constexpr size_t kWholeSet = 65'536;
constexpr size_t kBatch = 8'192;

class RollupJobTest : public StoreTest {
 protected:
  // Counts what a worker under load would, after every batch.
  void RecordUnderLoad(SqliteVisitStore& store, size_t visits) {
    while (visits > 0) {
      const size_t some = std::min(visits, kBatch);
      Record(store, std::vector<Visit>(some, MakeVisit("http://a/")));
      while (store.Maintain(StoreAdmin::Load::kBusy)) {
      }
      visits -= some;
    }
  }
  int64_t RolledUp() { return Connection(database_).ReadInt("select rollup_watermark from state"); }
};

TEST_F(RollupJobTest, RollsUpWholeSetsUnderLoad) {
  auto store = OpenStore();
  int64_t rollup_watermark = 0;
  for (int set = 0; set < 2; ++set) {
    RecordUnderLoad(store, kWholeSet - 1);
    EXPECT_EQ(RolledUp(), rollup_watermark) << "one visit short of set " << set;
    RecordUnderLoad(store, 1);
    EXPECT_GT(RolledUp(), rollup_watermark) << "set " << set;
    rollup_watermark = RolledUp();
    EXPECT_EQ(rollup_watermark, Connection(database_).ReadInt("select max(id) from visit"));
  }
  EXPECT_EQ(VisitsOf(store), static_cast<int64_t>(2 * kWholeSet));
  EXPECT_EQ(store.Check(), std::vector<std::string>());
}

}  // namespace
}  // namespace page_count
