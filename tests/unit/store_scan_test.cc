#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/unit/store_fixture.h"

namespace page_count {
namespace {

using StoreScanTest = StoreTest;

// A reader may be slow, and its process may be another one by then: the cursor is all that a scan needs.
TEST_F(StoreScanTest, AScanGoesOnInAnotherInstanceAndMissesNothing) {
  auto one = OpenStore();
  for (int batch = 0; batch < 50; ++batch) Record(one, std::vector<Visit>(100, MakeVisit("http://a/")));
  ScanCursor cursor{{.limit = 4'999}};
  size_t seen = one.ReadNext(cursor).size();
  EXPECT_FALSE(cursor.is_over);
  Record(one, {MakeVisit("http://later/")});
  auto other = OpenStore();
  while (!cursor.is_over) seen += other.ReadNext(cursor).size();
  EXPECT_EQ(seen, 4'999U);
}

TEST_F(StoreScanTest, AScanDoesNotGoOnInAnotherFile) {
  auto store = OpenStore();
  for (int batch = 0; batch < 50; ++batch) Record(store, std::vector<Visit>(100, MakeVisit("http://a/")));
  ScanCursor cursor;
  store.ReadNext(cursor);
  store.Backup(folder_.File("copy.db"));
  for (const char* ending : {"", "-wal", "-shm"}) std::filesystem::remove(database_ + ending);
  std::filesystem::rename(folder_.File("copy.db"), database_);
  EXPECT_THROW(store.ReadNext(cursor), StoreError);
}

TEST_F(StoreScanTest, APieceOfAScanIsSmallerWhereTextsAreLong) {
  auto store = OpenStore();
  for (int i = 0; i < 300; ++i) Record(store, {MakeVisit("http://a/" + std::string(2'000, 'x') + std::to_string(i))});
  ScanCursor cursor;
  const size_t first = store.ReadNext(cursor).size();
  EXPECT_LT(first, 150U);
  size_t seen = first;
  while (!cursor.is_over) seen += store.ReadNext(cursor).size();
  EXPECT_EQ(seen, 300U);
}

}  // namespace
}  // namespace page_count
