#include "worker/store/sqlite/engine/statement.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/engine/schema.h"

namespace page_count {
namespace {

template <typename Text>
concept MayBeBound = requires(Statement& statement, Text&& text) { statement.Run(std::forward<Text>(text)); };

// The rows would be read after the text is gone.
static_assert(!MayBeBound<std::string> && !MayBeBound<const std::string>);
static_assert(MayBeBound<std::string&> && MayBeBound<const std::string&> && MayBeBound<std::string_view>);

// What C++ declares of a statement, against what stands in its file.
class StatementDeathTest : public StoreTest {
 protected:
  StatementDeathTest() : connection_(database_) {
    testing::GTEST_FLAG(death_test_style) = "threadsafe";
    CreateSchemaIfEmpty(connection_);
  }
  Connection connection_;
};

TEST_F(StatementDeathTest, RunsIfItsParametersAndColumnsAreTheDeclaredOnes) {
  connection_.Execute("insert into page_total values (7, 3, 2)");
  Statement find(connection_, "page_total_find(page_id) -> visits, clients");
  Rows rows = find.Run(int64_t{7});
  ASSERT_TRUE(rows.Next());
  EXPECT_EQ(rows.Int(0), 3);
  EXPECT_EQ(rows.Int(1), 2);
}

TEST_F(StatementDeathTest, AbortsIfTwoColumnsAreSwapped) {
  Statement find(connection_, "page_total_find(page_id) -> clients, visits");
  EXPECT_DEATH(find.Run(int64_t{7}), "is   page_total_find.page_id. -> visits, clients\n");
}

TEST_F(StatementDeathTest, AbortsIfAColumnIsMissing) {
  Statement find(connection_, "page_total_find(page_id) -> visits");
  EXPECT_DEATH(find.Run(int64_t{7}), "is   page_total_find.page_id. -> visits, clients\n");
}

TEST_F(StatementDeathTest, AbortsIfAParameterHasAnotherName) {
  Statement find(connection_, "page_total_find(page) -> visits, clients");
  EXPECT_DEATH(find.Run(int64_t{7}), "is   page_total_find.page_id. -> visits, clients\n");
}

TEST_F(StatementDeathTest, AbortsIfTwoParametersAreSwapped) {
  Statement count(connection_, "visit_count(last_id, after_id) -> visits");
  EXPECT_DEATH(count.Run(int64_t{1}, int64_t{2}), "is   visit_count.after_id, last_id. -> visits\n");
}

TEST_F(StatementDeathTest, AbortsIfTheColumnsOfBoundRowsAreSwapped) {
  Statement add(connection_, "page_total_add(rows(visits, page_id))");
  EXPECT_DEATH(add.Execute(ArrayRows()), "is   page_total_add.rows.page_id, visits..\n");
}

TEST_F(StatementDeathTest, AbortsIfNotEveryParameterIsBound) {
  Statement count(connection_, "visit_count(after_id, last_id) -> visits");
  EXPECT_DEATH(count.Run(int64_t{1}), "not every parameter is bound of visit_count");
}

// Only the first would run.
TEST_F(StatementDeathTest, AbortsIfItsFileHasMoreStatements) {
  Statement schema(connection_, "schema()");
  EXPECT_DEATH(schema.Execute(), "more than one statement in schema");
}

TEST_F(StatementDeathTest, AbortsIfThereIsNoSuchStatement) {
  Statement none(connection_, "page_total_seek(page_id) -> visits");
  EXPECT_DEATH(none.Run(int64_t{7}), "no statement page_total_seek in sql/sqlite");
}

}  // namespace
}  // namespace page_count
