#include "worker/store/sqlite/engine/sql.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <map>
#include <regex>
#include <set>

#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/engine/schema.h"

namespace page_count {
namespace {

using testing::IsEmpty;

// A statement that reads all of a table, and the table.
using Scan = std::pair<std::string, std::string>;

// One row: reading it is no scan.
constexpr std::string_view kTableOfOneRow = "state";

class SqlTest : public StoreTest {
 protected:
  SqlTest() : connection_(database_) {
    CreateSchemaIfEmpty(connection_);
    connection_.Execute(std::string(Sql("plain_schema")).c_str());  // of another file, for the statement that fills it
    tables_ = ReadTexts("select name from sqlite_schema where type = 'table' union all select 'sqlite_schema'", 0);
  }

  std::vector<std::string> ReadTexts(const std::string& sql, int column) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(connection_.handle(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
      ADD_FAILURE() << sqlite3_errmsg(connection_.handle()) << " in: " << sql;
    }
    std::vector<std::string> texts;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      texts.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, column)));
    }
    sqlite3_finalize(statement);
    return texts;
  }

  // A text's statements, each without those before it.
  static std::vector<std::string> StatementsOf(std::string_view text) {
    std::vector<std::string> statements;
    std::string statement;
    for (const char c : text) {
      statement += c;
      if (c != ';' || sqlite3_complete(statement.c_str()) == 0) continue;
      statements.push_back(std::exchange(statement, ""));
    }
    return statements;
  }

  // The table that a statement means by a name: the name, or what it is an alias of.
  std::string TableOf(const std::string& name, const std::string& statement) const {
    for (const std::string& table : tables_) {
      if (table == name || std::regex_search(statement, std::regex("\\b" + table + " " + name + "\\b"))) return table;
    }
    return name;
  }

  // The tables that SQLite would read from one end to the other for a statement, whatever the statement calls them, and
  // whether it does so in the table or in an index of it.
  std::set<std::string> TablesScannedBy(const std::string& statement) {
    std::set<std::string> scanned;
    for (const std::string& step : ReadTexts("explain query plan " + statement, 3)) {
      std::smatch scan;
      if (!std::regex_match(step, scan, std::regex("SCAN (TABLE )?(\\w+)(.*)"))) continue;
      const bool is_no_table = step == "SCAN CONSTANT ROW" || scan[3].str().find("VIRTUAL TABLE") != std::string::npos;
      const std::string table = TableOf(scan[2], statement);
      if (!is_no_table && table != kTableOfOneRow) scanned.insert(table);
    }
    return scanned;
  }

  Connection connection_;
  std::vector<std::string> tables_;
};

TEST_F(SqlTest, EveryStatementPreparesAgainstTheSchema) {
  for (const EmbeddedSql& sql : AllSql()) {
    if (sql.name == "schema") continue;
    const auto statements = StatementsOf(sql.text);
    EXPECT_FALSE(statements.empty()) << sql.name;
    for (const std::string& statement : statements) ReadTexts("explain " + statement, 0);
  }
}

TEST_F(SqlTest, EveryStatementSaysWhatItIsFor) {
  for (const EmbeddedSql& sql : AllSql()) EXPECT_TRUE(sql.text.starts_with("-- ")) << sql.name;
}

TEST_F(SqlTest, NoTwoFilesHaveTheSameName) {
  std::set<std::string_view> names;
  for (const EmbeddedSql& sql : AllSql()) EXPECT_TRUE(names.insert(sql.name).second) << sql.name;
}

TEST_F(SqlTest, SeesAScanByWhateverNameAndInWhateverIndex) {
  EXPECT_EQ(TablesScannedBy("select * from visit;"), std::set<std::string>{"visit"});
  EXPECT_EQ(TablesScannedBy("select * from visit v where v.page_id = 1;"), std::set<std::string>{"visit"});
  EXPECT_EQ(TablesScannedBy("select url from page order by url;"), std::set<std::string>{"page"});
  EXPECT_EQ(TablesScannedBy("delete from block_column where codes = x'';"), std::set<std::string>{"block_column"});
  EXPECT_THAT(TablesScannedBy("select max(id) from visit;"), IsEmpty());
  EXPECT_THAT(TablesScannedBy("select * from visit v where v.id > 7 order by v.id;"), IsEmpty());
}

// Each with its reason; what reads no whole table any more is taken off the list.
TEST_F(SqlTest, NoStatementReadsAWholeTableUnlessItIsMeantTo) {
  constexpr std::string_view kProof = "the proof reads everything";
  constexpr std::string_view kCleanup = "a cleanup looks through the dictionaries once";
  constexpr std::string_view kBlocks = "a row for 65,536 visits";
  constexpr std::string_view kSchema = "a schema is some ten rows";
  constexpr std::string_view kEveryPage = "a figure of all pages";
  const std::map<Scan, std::string_view> meant = {
      {{"agent_ids", "agent"}, kCleanup},
      {{"block_sum", "block"}, kBlocks},
      {{"check_titles", "page_title"}, kProof},
      {{"recent_request_id_count", "recent_request_id"}, "some ten thousand rows at the most"},
      {{"check_watermarks", "block"}, kProof},
      {{"check_watermarks", "block_column"}, kProof},
      {{"client_ids", "client"}, kCleanup},
      {{"foreign_parts", "sqlite_schema"}, kSchema},
      {{"foreign_tables", "sqlite_schema"}, kSchema},
      {{"page_ids", "page"}, kCleanup},
      {{"source_ids", "source"}, kCleanup},
      {{"page_total_all", "page_total"}, kEveryPage},
      {{"page_total_empty_clients", "page_total"}, kCleanup},
      {{"page_total_read", "page_total"}, kProof},
      {{"page_total_sum", "page_total"}, kEveryPage},
      {{"page_total_top", "page_total"}, kEveryPage},
      {{"visit_bounds", "bounds"}, "four rows"},
  };
  std::set<Scan> scans;
  for (const EmbeddedSql& sql : AllSql()) {
    if (sql.name == "schema") continue;
    for (const std::string& statement : StatementsOf(sql.text)) {
      for (const std::string& table : TablesScannedBy(statement)) scans.emplace(sql.name, table);
    }
  }
  for (const Scan& scan : scans) {
    EXPECT_TRUE(meant.contains(scan)) << scan.first << " reads all of " << scan.second << ", which it is not meant to";
  }
  for (const auto& [scan, reason] : meant) {
    EXPECT_TRUE(scans.contains(scan)) << scan.first << " no longer reads all of " << scan.second << " (" << reason
                                      << ")";
  }
}

}  // namespace
}  // namespace page_count
