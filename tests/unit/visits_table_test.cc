#include "worker/store/sqlite/question/visits_table.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/store_fixture.h"
#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/question/visits_cursor.h"

namespace page_count {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Texts = std::vector<std::string>;

// A database with 2,000 visits in four blocks and 300 in the tail.
class VisitsTable : public StoreTest {
 protected:
  static constexpr size_t kSealed = 2'000;
  static constexpr size_t kInTail = 300;

  VisitsTable() {
    auto store = OpenStore();
    std::vector<LoggedVisit> visits;
    UtcTime at = At("2025-12-31 23:50:00");
    std::mt19937 random(7);
    for (size_t i = 0; i < kSealed; ++i) {
      at += std::chrono::milliseconds(random() % 2 * (random() % 20'000));
      visits.push_back({"http://site/" + std::to_string(random() % 30), random() % 9 == 0 ? "2001:db8::7" : "192.0.2.1",
                        "Browser " + std::to_string(random() % 5), at});
    }
    Import(store, visits);
    std::vector<Visit> tail;
    for (size_t i = 0; i < kInTail; ++i) tail.push_back(MakeVisit("http://site/" + std::to_string(i % 7), "192.0.2.2"));
    Record(store, tail);
    connection_ = std::make_unique<Connection>(database_, FileAccess::kRead);
    RegisterVisitsTable(connection_->handle());
    connection_->Execute("create temp table naive as select * from visits");
  }

  // A text for each row; what fails is its message.
  Texts Read(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(connection_->handle(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) return Error();
    Texts rows;
    int status = SQLITE_DONE;
    while ((status = sqlite3_step(statement)) == SQLITE_ROW) rows.push_back(RowOf(statement));
    if (status != SQLITE_DONE) rows = Error();
    sqlite3_finalize(statement);
    return rows;
  }

  Texts Error() { return {sqlite3_errmsg(connection_->handle())}; }

  static std::string RowOf(sqlite3_stmt* statement) {
    std::string row;
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
      const auto* text = static_cast<const char*>(static_cast<const void*>(sqlite3_column_text(statement, i)));
      row.append(i > 0 ? "|" : "").append(text != nullptr ? text : "null");
    }
    return row;
  }

  VisitId NumberOf(const std::string& sql) { return std::stol(Read(sql).front()); }

  std::string PlanOf(const std::string& sql) { return Read("explain query plan " + sql).back(); }

  std::unique_ptr<Connection> connection_;
};

TEST_F(VisitsTable, HasEveryVisitSealedOrNotOldestFirst) {
  Texts expected;
  auto store = OpenStore();
  for (const LoggedVisit& visit : ReadAll(store)) {
    expected.insert(expected.begin(),
                    visit.url + '|' + visit.ip + '|' + visit.user_agent + '|' + FormatSpaced(visit.at));
  }
  EXPECT_EQ(Read("select url, ip_address, user_agent, timestamp from visits"), expected);
  EXPECT_EQ(Read("select count(*), count(distinct id), count(distinct rowid) from visits"), Texts{"2300|2300|2300"});
  EXPECT_EQ(Read("select count(*) from block"), Texts{"4"});
  EXPECT_EQ(Read("select count(*) from visits where id <> rowid"), Texts{"0"});
}

// The same statement on a table of rows.
TEST_F(VisitsTable, ReturnsWhatATableOfRowsWould) {
  std::mt19937 random(1);
  const Texts ids = Read("select id from naive");
  const auto pick = [&random](const Texts& texts) { return texts[random() % texts.size()]; };
  const Texts operators = {"=", "<", "<=", ">", ">=", "is", "<>"};
  const Texts times = Read("select timestamp from naive");
  const Texts stamps = {"'2026-01-01'", "'2026-01'", "'2026-01-01T00:30:00Z'", "''", "'z'", "null", "2026",
                        "x'32'",        "2026.5"};
  const Texts orders = {"id", "id desc", "timestamp, id", "timestamp desc, id desc", "id desc, url", "rowid"};
  for (int i = 0; i < 600; ++i) {
    std::string where = "1";
    for (size_t terms = random() % 4; terms > 0; --terms) {
      const std::string id = pick(ids);
      const Texts bounds = {id, id + ".0", "'" + id + "'", "null", "0.5", "-1", "9.9e18", "'x'", "x'00'"};
      if (random() % 2 == 0) {
        where += " and id " + pick(operators) + ' ' + pick(random() % 2 == 0 ? Texts{id} : bounds);
      } else {
        const std::string time = "'" + pick(times) + "'";
        where += " and timestamp " + pick(operators) + ' ' + (random() % 2 == 0 ? time : pick(stamps));
      }
    }
    const std::string rest = " where " + where + " order by " + pick(orders);
    ASSERT_EQ(Read("select * from visits" + rest), Read("select * from naive" + rest)) << rest;
  }
}

TEST_F(VisitsTable, ComparesWithAnotherCollationToo) {
  const std::string padded = "'" + Read("select timestamp from naive limit 1")[0] + "  ' collate rtrim";
  EXPECT_EQ(Read("select count(*) > 0 from visits where timestamp = " + padded), Texts{"1"});
}

TEST_F(VisitsTable, LeavesOutRowsThatAreInABlockAlready) {
  Connection other(database_, FileAccess::kService);
  other.Execute("insert into visit (id, page_id, agent_id, source_id, ip) values (7, 1, 1, 0, '192.0.2.9')");
  EXPECT_EQ(Read("select count(*) from visits"), Texts{"2300"});
}

TEST_F(VisitsTable, IsJoinedAndGroupedLikeAnyTable) {
  for (const char* sql :
       {"select url, count(*) from % group by url order by 1",
        "select count(*) from % a join % b on a.id = b.id and a.url = b.url",
        "select count(*) from % where id in (select id from % where url like '%/3')",
        "select substr(timestamp, 1, 13) h, count(distinct ip_address) from % group by h order by h",
        "select max(id), min(id), max(timestamp) from %", "select distinct timestamp from % order by 1"}) {
    const auto on = [sql](const std::string& table) {
      std::string text = sql;
      for (size_t at = 0; (at = text.find("% ", at)) != text.npos; at += table.size()) text.replace(at, 1, table);
      if (text.ends_with('%')) text.replace(text.size() - 1, 1, table);
      return text;
    };
    EXPECT_EQ(Read(on("visits")), Read(on("naive"))) << on("visits");
  }
}

TEST_F(VisitsTable, IsReadInTheOrderAskedFor) {
  EXPECT_THAT(PlanOf("select * from visits order by id desc"), HasSubstr("SCAN visits VIRTUAL TABLE INDEX 1:"));
  EXPECT_THAT(PlanOf("select * from visits where id > 7 order by timestamp, rowid, url"), HasSubstr("INDEX 0:i>"));
  EXPECT_THAT(PlanOf("select * from visits order by id desc, url"), HasSubstr("SCAN"));
  EXPECT_THAT(PlanOf("select * from visits order by timestamp desc, id"), HasSubstr("TEMP B-TREE"));
  EXPECT_THAT(PlanOf("select * from visits order by url"), HasSubstr("TEMP B-TREE"));
}

TEST_F(VisitsTable, CannotBeChanged) {
  for (const char* sql :
       {"delete from visits", "update visits set url = ''", "insert into visits (url) values ('x')"}) {
    EXPECT_THAT(Read(sql), ElementsAre("table visits may not be modified")) << sql;
  }
}

TEST_F(VisitsTable, StaysAsItWasWhileAStatementReadsIt) {
  sqlite3_stmt* statement = nullptr;
  ASSERT_EQ(sqlite3_prepare_v2(connection_->handle(), "select id from visits", -1, &statement, nullptr), SQLITE_OK);
  ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
  auto store = OpenStore();
  Record(store, {MakeVisit("http://new/")});
  while (store.Maintain(StoreAdmin::Load::kQuiet)) {
  }
  size_t rows = 1;
  while (sqlite3_step(statement) == SQLITE_ROW) ++rows;
  EXPECT_EQ(sqlite3_finalize(statement), SQLITE_OK);
  EXPECT_EQ(rows, kSealed + kInTail);
  EXPECT_EQ(Read("select count(*) from visits where url = 'http://new/'"), Texts{"1"});
}

TEST_F(VisitsTable, SaysSoIfABlockIsDamaged) {
  Connection other(database_, FileAccess::kService);
  other.Execute("update block_column set codes = x'00' where id & 15 = 1 and id >> 4 = (select max(id) from block)");
  EXPECT_THAT(Read("select url from visits"), ElementsAre(HasSubstr("of visits (2026-01-01T")));
  EXPECT_THAT(Read("select count(user_agent) from visits"), ElementsAre("2300")) << "another column";
}

TEST_F(VisitsTable, SaysSoIfTheDatabaseIsAnother) {
  Connection other(folder_.File("other.db"));
  RegisterVisitsTable(other.handle());
  EXPECT_THROW(other.Execute("select * from visits"), StoreError);
  EXPECT_THAT(sqlite3_errmsg(other.handle()), HasSubstr("the main database is not page-count's"));
  Connection later(database_, FileAccess::kService);
  later.Execute("pragma user_version = 99");
  EXPECT_THAT(Read("select 1 from visits"), ElementsAre(HasSubstr("has version 99 of page-count's schema")));
}

// Which of the four blocks are decoded, and which columns.
class CountingSource : public ColumnSource {
 public:
  explicit CountingSource(ColumnSource& source) : source_(source) {}

  std::vector<Block> Find(VisitId from, VisitId before) override { return source_.Find(from, before); }
  std::vector<VisitId> ReadTimes(const Block& block) override {
    read_.push_back(std::to_string(block.id) + " times");
    return source_.ReadTimes(block);
  }
  CodeColumn ReadColumn(const Block& block, Dimension column) override {
    read_.push_back(std::to_string(block.id) + " column " + std::to_string(IndexOf(column)));
    return source_.ReadColumn(block, column);
  }
  Texts Take() { return std::exchange(read_, {}); }

 private:
  ColumnSource& source_;
  Texts read_;
};

class VisitsCursorTest : public VisitsTable {
 protected:
  size_t Walk(const IdRange& range, void (*look)(VisitsCursor&), VisitsCursor::Order order) {
    const Transaction snapshot(*connection_, Transaction::Kind::kRead);
    VisitsCursor cursor(statements_, source_);
    size_t visits = 0;
    for (cursor.Start(range, order); !cursor.AtEnd(); cursor.Next(), ++visits) look(cursor);
    return visits;
  }

  VisitsStatements statements_{*connection_};
  CountingSource source_{statements_.blocks};
};

TEST_F(VisitsCursorTest, DecodesOnlyTheBlocksOfTheRangeAndTheColumnsThatAreAskedFor) {
  const auto order = VisitsCursor::Order::kNewestFirst;
  EXPECT_EQ(Walk({}, [](VisitsCursor&) {}, order), kSealed + kInTail);
  EXPECT_THAT(source_.Take(), IsEmpty());

  EXPECT_EQ(Walk({}, [](VisitsCursor& visit) { visit.Agent(); }, order), kSealed + kInTail);
  EXPECT_THAT(source_.Take(), ElementsAre("4 column 2", "3 column 2", "2 column 2", "1 column 2"));

  IdRange range;
  range.NarrowById(Comparison::kGreater, NumberOf("select last_id from block where id = 2"));
  range.NarrowByTimestamp(Comparison::kLess, "2026-03");
  EXPECT_EQ(Walk(range, [](VisitsCursor& visit) { visit.Url(); }, order), kSealed / 2);
  EXPECT_THAT(source_.Take(), ElementsAre("4 column 0", "3 column 0"));

  IdRange one;
  one.NarrowById(Comparison::kEqual, NumberOf("select id from naive limit 1 offset 700"));
  EXPECT_EQ(Walk(one, [](VisitsCursor&) {}, VisitsCursor::Order::kOldestFirst), 1U);
  EXPECT_THAT(source_.Take(), ElementsAre("2 times"));
}

}  // namespace
}  // namespace page_count
