#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/engine/file_kind.h"

namespace page_count {
namespace {

namespace fs = std::filesystem;

// A store that is opened as tools open it, of a database with two visits and of copies of it.
class ReadOnlyStore : public StoreTest {
 protected:
  ReadOnlyStore() {
    auto store = OpenStore();
    Record(store, {MakeVisit("http://a/"), MakeVisit("http://b/")});
  }

  static SqliteVisitStore Open(const std::string& path) {
    return SqliteVisitStore({path, true, [] { return UtcTime(); }, FileAccess::kRead});
  }

  static SqliteVisitStore OpenAlone(const std::string& path) {
    return SqliteVisitStore({path, true, [] { return UtcTime(); }, FileAccess::kAlone});
  }

  std::string Copy(const std::string& name, std::initializer_list<const char*> suffixes) {
    fs::create_directory(folder_.File(name));
    for (const char* suffix : suffixes) fs::copy(database_ + suffix, folder_.File(name + "/visits.db") + suffix);
    return folder_.File(name + "/visits.db");
  }

  static std::set<std::string> NamesBeside(const std::string& path) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(fs::path(path).parent_path())) {
      names.insert(entry.path().filename());
    }
    return names;
  }
};

TEST_F(ReadOnlyStore, ReadsACopyWithItsLogAndLeavesNothingBeside) {
  const std::string copy = Copy("pair", {"", "-wal"});
  EXPECT_EQ(LookAtFile(copy).kind, FileKind::kCurrent);
  auto store = Open(copy);
  EXPECT_EQ(ReadAll(store).size(), 2U);
  EXPECT_EQ(store.Check(), std::vector<std::string>());
  EXPECT_EQ(NamesBeside(copy), (std::set<std::string>{"visits.db", "visits.db-wal"}));
}

TEST_F(ReadOnlyStore, CannotRecord) {
  auto store = Open(Copy("pair", {"", "-wal"}));
  EXPECT_THROW(Record(store, {MakeVisit("http://c/")}), StoreError);
}

TEST_F(ReadOnlyStore, SaysSoIfTheFileComesIntoUseMeanwhile) {
  {
    auto service = OpenStore();
    Record(service, std::vector<Visit>(5'000, MakeVisit("http://a/")));  // more than are read at once
  }
  const std::string copy = Copy("pair", {"", "-wal"});
  auto store = Open(copy);
  const auto record = [&](std::span<const LoggedVisit>) {
    SqliteVisitStore other({copy, true, [this] { return now_; }});
    Record(other, {MakeVisit("http://c/")});
    return true;
  };
  try {
    store.Scan({}, record);
    FAIL() << "what may have been a mixture was taken for a whole";
  } catch (const StoreError& error) {
    EXPECT_NE(std::string(error.what()).find("came into use while it was read"), std::string::npos) << error.what();
  }
}

TEST_F(ReadOnlyStore, LeavesChangesToWhoHasTheCopyAlone) {
  const std::string copy = Copy("pair", {"", "-wal"});
  ASSERT_EQ(AccessForChanges(copy), FileAccess::kAlone);
  ASSERT_EQ(AccessForChanges(database_), FileAccess::kService);
  EXPECT_EQ(OpenAlone(copy).PruneBefore(now_ + std::chrono::hours(1)), 2);
  EXPECT_EQ(NamesBeside(copy), std::set<std::string>{"visits.db"});
}

TEST_F(ReadOnlyStore, LeavesNoChangesToWhoHasItNotAlone) {
  const std::string copy = Copy("pair", {"", "-wal"});
  Connection reader(copy);
  Transaction snapshot(reader, Transaction::Kind::kRead);
  EXPECT_EQ(reader.ReadInt("select count(*) from visit"), 2);
  EXPECT_THROW(OpenAlone(copy).PruneBefore(now_ + std::chrono::hours(1)), StoreError);
}

TEST_F(ReadOnlyStore, KnowsAYoungDatabaseWithoutItsLog) {
  const FoundFile found = LookAtFile(Copy("lone", {""}));
  EXPECT_EQ(found.kind, FileKind::kEmpty);
  EXPECT_NE(found.sentence.find("without its write-ahead log"), std::string::npos) << found.sentence;
}

TEST_F(ReadOnlyStore, FindsNothingWrongWithAFileInUse) {
  auto store = OpenStore();
  Record(store, {MakeVisit("http://c/")});
  auto reader = Open(database_);
  EXPECT_EQ(ReadAll(reader).size(), 3U);
  Record(store, {MakeVisit("http://d/")});
  EXPECT_EQ(ReadAll(reader).size(), 4U);
}

}  // namespace
}  // namespace page_count
