#include "worker/store/sqlite/engine/schema.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/engine/file_kind.h"
#include "worker/store/sqlite/log/log_state.h"

namespace page_count {
namespace {

class SchemaTest : public StoreTest {
 protected:
  // What a store says of the file; empty if it reads it.
  std::string Refusal() {
    auto store = OpenStore();
    try {
      store.Ask({});
    } catch (const ForeignFileError& error) {
      return error.what();
    }
    return "";
  }

  // With the marks of its log, as the last of those builds kept them.
  void MakeFileOfAnEarlierBuild() {
    Connection file(database_);
    file.Execute("pragma journal_mode=wal");
    file.Execute("create table state (database_id blob, mark integer, file_mark integer) strict");
    file.Execute("insert into state values (randomblob(16), 3, 3)");
    file.Execute(("pragma application_id=" + std::to_string(kEarlierApplicationId)).c_str());
    file.Execute("pragma user_version=6");
  }
};

TEST_F(SchemaTest, MarksANewFileAsThisProgramsOwn) {
  Connection connection(database_);
  CreateSchemaIfEmpty(connection);
  EXPECT_EQ(connection.ReadInt("pragma application_id"), kApplicationId);
  EXPECT_EQ(connection.ReadInt("pragma user_version"), kSchemaVersion);
}

TEST_F(SchemaTest, GivesEachFileAnIdOfItsOwn) {
  Connection first(folder_.File("first.db"));
  Connection second(folder_.File("second.db"));
  CreateSchemaIfEmpty(first);
  CreateSchemaIfEmpty(second);
  first.Execute(("attach '" + folder_.File("second.db") + "' as second").c_str());
  EXPECT_EQ(first.ReadInt("select count(*) from main.state a join second.state b on a.database_id = b.database_id"), 0);
  EXPECT_EQ(first.ReadInt("select length(database_id) from state"), 16);
}

// Strict tables, so that no program stores a text where a number belongs.
TEST_F(SchemaTest, HasStrictTablesOnly) {
  Connection connection(database_);
  CreateSchemaIfEmpty(connection);
  EXPECT_GT(connection.ReadInt("select count(*) from pragma_table_list where schema = 'main' and strict = 1"), 8);
  EXPECT_EQ(connection.ReadInt("select count(*) from pragma_table_list where schema = 'main' and type = 'table' and "
                               "strict = 0 and name not like 'sqlite_%'"),
            0);
}

TEST_F(SchemaTest, RefusesAFileOfAnEarlierBuildAndLeavesItAsItIs) {
  MakeFileOfAnEarlierBuild();
  const std::string said = Refusal();
  EXPECT_NE(said.find("before version " + std::to_string(kSchemaVersion)), std::string::npos) << said;
  EXPECT_NE(said.find("`page-count export` by the build that wrote it, then `page-count import`"), std::string::npos);
  EXPECT_EQ(Connection(database_).ReadInt("select count(*) from sqlite_schema"), 1);
  const FoundFile found = LookAtFile(database_);
  EXPECT_EQ(found.kind, FileKind::kForeign);
  EXPECT_EQ(found.sentence, said);
}

// All of it is in the log, or all in the file: neither is taken for a log of another file.
TEST_F(SchemaTest, RefusesAFileOfAnEarlierBuildByTheSameSentenceOnceItsLogIsInTheFile) {
  MakeFileOfAnEarlierBuild();
  const std::string said = Refusal();
  Connection(database_).Execute("pragma wal_checkpoint(passive)");
  EXPECT_EQ(Refusal(), said);
  Connection(database_).Execute("update state set mark = 4");
  EXPECT_EQ(Refusal(), said);
  EXPECT_EQ(LookAtFile(database_).sentence, said);
}

TEST_F(SchemaTest, RefusesAFileOfVersion1AsOneOfAnEarlierBuild) {
  {
    auto store = OpenStore();
    Record(store, {MakeVisit("http://a/")});
  }
  Connection(database_).Execute("pragma user_version=1");
  EXPECT_NE(Refusal().find("before version " + std::to_string(kSchemaVersion)), std::string::npos) << Refusal();
}

TEST_F(SchemaTest, RefusesAFileOfANewerSchemaAndLeavesItAsItIs) {
  {
    auto store = OpenStore();
    Record(store, {MakeVisit("http://a/")});
  }
  Connection(database_).Execute("pragma user_version=99");
  EXPECT_NE(Refusal().find("upgrade page-count"), std::string::npos) << Refusal();
  EXPECT_EQ(Connection(database_).ReadInt("select count(*) from visit"), 1);
}

TEST_F(SchemaTest, NeverGivesAnIdAgain) {
  auto store = OpenStore();
  Record(store, {MakeVisit("http://a/", "2001:db8::1"), MakeVisit("http://b/", "2001:db8::2")});
  store.PruneBefore(now_ + std::chrono::hours(1));
  EXPECT_EQ(Connection(database_).ReadInt("select count(*) from page"), 0);
  Record(store, {MakeVisit("http://c/", "2001:db8::3")});
  while (store.Maintain(VisitStore::Load::kQuiet)) {
  }
  Connection file(database_);
  EXPECT_EQ(file.ReadInt("select id from page where url = 'http://c/'"), 3);
  EXPECT_EQ(file.ReadInt("select max(id) from client"), 3);
}

}  // namespace
}  // namespace page_count
