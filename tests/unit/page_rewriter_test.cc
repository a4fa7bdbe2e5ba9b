#include "worker/store/sqlite/tools/page_rewriter.h"

#include <algorithm>

#include "tests/conformance/naive_answers.h"
#include "tests/unit/store_fixture.h"

namespace page_count {
namespace {

using std::chrono::minutes;
using Lines = std::vector<std::string>;
using How = StoreAdmin::Rewriting;

class PageRewriterTest : public StoreTest {
 protected:
  // Blocks of ten visits, and some in the tail.
  PageRewriterTest() { sealing_ = {.block_visits = 10, .worth_sealing = 10}; }

  static RewrittenPage WithoutQuery(const std::string& url) {
    const size_t question_mark = std::min(url.find('?'), url.size());
    return {url.substr(0, question_mark), url.ends_with("=2") ? " source=two" : ""};
  }
  // From address I to page I % pages, with a parameter that is I % 3.
  void RecordVisits(SqliteVisitStore& store, int first, int before, int pages) {
    for (int i = first; i < before; ++i) {
      now_ += minutes(1);
      Record(store, {MakeVisit("http://h/" + std::to_string(i % pages) + "?x=" + std::to_string(i % 3),
                               "192.0.2." + std::to_string(i % 20))});
    }
  }
  static void SealAndCount(SqliteVisitStore& store) {
    while (store.Maintain(StoreAdmin::Load::kQuiet)) {
    }
  }
  // Every figure is that of these visits, newest first.
  static void ExpectFiguresOf(SqliteVisitStore& store, std::vector<LoggedVisit> visits) {
    EXPECT_EQ(store.Check(), Lines());
    EXPECT_EQ(Difference(LinesOf(ReadAll(store)), LinesOf(visits)), "");
    std::reverse(visits.begin(), visits.end());
    const Inquiry inquiry{{{},
                           {.measure = Question::Measure::kVisitors},
                           {.group_by = {Dimension::kPage}},
                           {.group_by = {Dimension::kPage}, .measure = Question::Measure::kVisitors},
                           {.group_by = {Dimension::kPage, Dimension::kSource}}},
                          {}};
    EXPECT_EQ(Difference(LinesOf(store.Ask(inquiry)), LinesOf(AnswerNaively(visits, inquiry))), "");
  }
  static std::vector<LoggedVisit> Rewritten(std::vector<LoggedVisit> visits) {
    for (LoggedVisit& visit : visits) {
      const RewrittenPage page = WithoutQuery(visit.url);
      if (visit.source.empty()) visit.source = page.source;
      visit.url = page.url;
    }
    return visits;
  }
  int64_t ReadInt(const char* sql) { return Connection(database_).ReadInt(sql); }
};

TEST_F(PageRewriterTest, MergesPagesInBlocksAndInTheTail) {
  auto store = OpenStore();
  RecordVisits(store, 0, 64, 7);
  SealAndCount(store);
  RecordVisits(store, 64, 67, 7);
  Visit with_source = MakeVisit("http://h/0?x=2");
  with_source.source = "https://from.example/";
  Record(store, {with_source, MakeVisit("http://h/0"), MakeVisit("http://other/")});
  const auto before = ReadAll(store);

  const PageRewrite rewrite = store.RewritePages(WithoutQuery, How::kApply);
  EXPECT_EQ(rewrite.pages_before, 23);
  EXPECT_EQ(rewrite.pages_after, 8);
  EXPECT_EQ(rewrite.moved_pages, 21);
  EXPECT_EQ(rewrite.moved_visits, 68);
  ExpectFiguresOf(store, Rewritten(before));
  EXPECT_EQ(ReadInt("select count(*) from page"), 8) << "the old ones are gone";
  EXPECT_EQ(ReadInt("select count(*) from page_total where visits = 0 and page_id > 0"), 0);
  SealAndCount(store);
  ExpectFiguresOf(store, Rewritten(before));
  EXPECT_EQ(ReadInt("select count(*) from page_total where page_id > 0"), 8);
  EXPECT_EQ(store.RewritePages(WithoutQuery, How::kApply).moved_pages, 0) << "nothing is left to do";
}

TEST_F(PageRewriterTest, ADryRunChangesNothing) {
  auto store = OpenStore();
  RecordVisits(store, 0, 30, 7);
  RecordVisits(store, 0, 3, 1);
  const auto before = ReadAll(store);
  const PageRewrite rewrite = store.RewritePages(WithoutQuery, How::kDryRun);
  EXPECT_EQ(rewrite.pages_before, 21);
  EXPECT_EQ(rewrite.pages_after, 7);
  EXPECT_EQ(rewrite.moved_visits, 33);
  ASSERT_EQ(rewrite.examples.size(), 10U);
  EXPECT_EQ(rewrite.examples.front().from, "http://h/0?x=0") << "which has the most visits";
  EXPECT_EQ(rewrite.examples.front().to, "http://h/0");
  EXPECT_EQ(rewrite.examples.front().visits, 3);
  ExpectFiguresOf(store, before);
}

TEST_F(PageRewriterTest, LeavesPagesAloneThatAreAsTheyShouldBe) {
  auto store = OpenStore();
  RecordVisits(store, 0, 10, 4);
  SealAndCount(store);
  const int64_t blocks = ReadInt("select sum(id) from block");
  const int64_t generation = ReadInt("select generation from state");
  store.RewritePages([](const std::string& url) { return RewrittenPage{url}; }, How::kApply);
  EXPECT_EQ(ReadInt("select sum(id) from block"), blocks);
  EXPECT_EQ(ReadInt("select generation from state"), generation);
}

TEST_F(PageRewriterTest, RecordersForgetThePagesThatAreGone) {
  auto store = OpenStore();
  auto recorder = OpenStore();
  Record(recorder, {MakeVisit("http://h/a?x=1"), MakeVisit("http://h/a")});
  SealAndCount(store);
  Record(recorder, {MakeVisit("http://h/a?x=1", "192.0.2.2")});
  store.RewritePages(WithoutQuery, How::kApply);
  EXPECT_EQ(Record(recorder, {MakeVisit("http://h/a")}).front().page_visits, 4);
  EXPECT_EQ(Record(recorder, {MakeVisit("http://h/a?x=1")}).front().page_visits, 1) << "by other rules";
  EXPECT_EQ(store.Check(), Lines());
  store.RewritePages(WithoutQuery, How::kApply);
  EXPECT_EQ(Record(recorder, {MakeVisit("http://h/a")}).front().page_visits, 6);
  EXPECT_EQ(VisitorsOf(store, "http://h/a"), 2);
}

TEST_F(PageRewriterTest, EveryAnswerIsExactBetweenItsTransactions) {
  auto recorder = OpenStore();
  RecordVisits(recorder, 0, 45, 4);
  SealAndCount(recorder);
  Connection connection(database_);
  const DatabaseLock writer(database_ + ".lock");
  int transactions = 0;
  // Visits to a page that others become, and by other rules to one of those.
  const auto between = [&] {
    ++transactions;
    for (const char* page : {"http://h/0", "http://h/0?x=1"}) {
      const int64_t visits = Record(recorder, {MakeVisit(page)}).front().page_visits;
      const auto all = ReadAll(recorder);
      EXPECT_EQ(visits, std::count_if(all.begin(), all.end(), [&](const auto& visit) { return visit.url == page; }));
      ExpectFiguresOf(recorder, all);
    }
  };
  Sealer sealer(connection, writer, sealing_, [] {});
  ClientCounter counter(connection, writer, [] {});
  PageRewriter(connection, writer, sealer, counter, between).Rewrite(WithoutQuery);
  EXPECT_GE(transactions, 6);
  EXPECT_EQ(ReadAll(recorder).size(), static_cast<size_t>(45 + 2 * transactions));
  recorder.RewritePages(WithoutQuery, How::kApply);
  EXPECT_EQ(ReadInt("select count(*) from page"), 4);
}

}  // namespace
}  // namespace page_count
