#include "worker/store/sqlite/engine/sql.h"

#include <sqlite3.h>

#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/engine/schema.h"

namespace page_count {
namespace {

// What SQLite would do for a statement, a line a step.
std::string PlanOf(Connection& connection, std::string_view sql) {
  const std::string explained = "explain query plan " + std::string(sql);
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(connection.handle(), explained.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
    return std::string("does not prepare: ") + sqlite3_errmsg(connection.handle());
  }
  std::string plan;
  while (sqlite3_step(statement) == SQLITE_ROW) {
    plan.append(reinterpret_cast<const char*>(sqlite3_column_text(statement, 3))).append("\n");
  }
  sqlite3_finalize(statement);
  return plan;
}

bool IsMigration(const EmbeddedSql& sql) { return sql.name == "schema"; }

class SqlTest : public StoreTest {
 protected:
  SqlTest() : connection_(database_) { CreateSchemaIfEmpty(connection_); }
  Connection connection_;
};

TEST_F(SqlTest, EveryStatementPreparesAgainstTheMigratedSchema) {
  for (const EmbeddedSql& sql : AllSql()) {
    if (IsMigration(sql)) continue;
    EXPECT_EQ(PlanOf(connection_, sql.text).find("does not prepare"), std::string::npos)
        << sql.name << ": " << PlanOf(connection_, sql.text);
  }
}

TEST_F(SqlTest, EveryStatementSaysWhatItIsFor) {
  for (const EmbeddedSql& sql : AllSql()) EXPECT_TRUE(sql.text.starts_with("-- ")) << sql.name;
}

TEST_F(SqlTest, NoStatementReadsAWholeTableUnlessItIsMeantTo) {
  const std::vector<std::string_view> whole_table = {"page_total_all",       "page_total_sum",
                                                     "state_read",           "state_set_rolled_up",
                                                     "state_set_cleaned_up", "repair_page_totals"};
  for (const EmbeddedSql& sql : AllSql()) {
    if (IsMigration(sql) || sql.name.starts_with("check_")) continue;
    if (std::find(whole_table.begin(), whole_table.end(), sql.name) != whole_table.end()) continue;
    const std::string plan = PlanOf(connection_, sql.text);
    EXPECT_EQ(plan.find("SCAN v"), std::string::npos) << sql.name << ": " << plan;
    EXPECT_EQ(plan.find("SCAN p"), std::string::npos) << sql.name << ": " << plan;
  }
}

}  // namespace
}  // namespace page_count
