#include "worker/endpoints/export_format.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/fake_visit_store.h"

namespace page_count {
namespace {

LoggedVisit VisitTo(std::string url, std::string user_agent = "agent") {
  return {std::move(url), "192.0.2.1", std::move(user_agent), UtcTime(std::chrono::milliseconds(1'999))};
}

class ExportFormatTest : public testing::Test {
 protected:
  std::string Export(const char* format, const VisitFields& fields = {}) {
    std::string text;
    StreamVisits(store_, {{}, *FindExportFormat(format), fields}, [&text](std::string_view piece) {
      text += piece;
      return true;
    });
    return text;
  }
  // How the text stands in a CSV field.
  std::string CsvField(const std::string& user_agent) {
    store_.logged = {{VisitTo("u", user_agent)}};
    std::string text = Export("csv");
    const std::string before = "url,ip,user_agent,timestamp\r\nu,192.0.2.1,";
    const std::string after = ",1970-01-01 00:00:01\r\n";
    if (!text.starts_with(before) || !text.ends_with(after)) return text;
    return text.substr(before.size(), text.size() - before.size() - after.size());
  }

  FakeVisitStore store_;
};

TEST_F(ExportFormatTest, KnowsThreeFormats) {
  EXPECT_EQ(FindExportFormat("json")->content_type, "application/json");
  EXPECT_EQ(FindExportFormat("jsonl")->content_type, "application/jsonl");
  EXPECT_TRUE(FindExportFormat("csv")->content_type.starts_with("text/csv"));
  for (const char* name : {"", "JSON", "xml", "csv "}) EXPECT_EQ(FindExportFormat(name), nullptr) << name;
}

TEST_F(ExportFormatTest, WritesNoVisitsAsAnEmptyDocument) {
  EXPECT_EQ(Export("json"), R"({"visits":[],"total_count":"0"})");
  EXPECT_EQ(Export("jsonl"), "");
  EXPECT_EQ(Export("csv"), "url,ip,user_agent,timestamp\r\n");
}

TEST_F(ExportFormatTest, JoinsThePiecesOfAScan) {
  store_.logged = {{VisitTo("a"), VisitTo("b")}, {VisitTo("c", "\"x\"\n")}};
  const std::string rest = R"(","ip":"192.0.2.1","user_agent":"agent","timestamp":"1970-01-01 00:00:01"})";
  const std::string last = R"({"url":"c","ip":"192.0.2.1","user_agent":"\"x\"\n","timestamp":"1970-01-01 00:00:01"})";
  EXPECT_EQ(Export("json"),
            R"({"visits":[{"url":"a)" + rest + R"(,{"url":"b)" + rest + ',' + last + R"(],"total_count":"3"})");
  EXPECT_EQ(Export("jsonl"), R"({"url":"a)" + rest + "\n" + R"({"url":"b)" + rest + "\n" + last + "\n");
  EXPECT_EQ(Export("csv"),
            "url,ip,user_agent,timestamp\r\n"
            "a,192.0.2.1,agent,1970-01-01 00:00:01\r\n"
            "b,192.0.2.1,agent,1970-01-01 00:00:01\r\n"
            "c,192.0.2.1,\"\"\"x\"\"\n\",1970-01-01 00:00:01\r\n");
}

TEST_F(ExportFormatTest, SeparatesTheThousandsOfTheCount) {
  store_.logged.assign(1'234, {VisitTo("a")});
  EXPECT_TRUE(Export("json").ends_with(R"(],"total_count":"1,234"})"));
}

TEST_F(ExportFormatTest, QuotesCsvFieldsThatNeedIt) {
  EXPECT_EQ(CsvField("plain text; 'x'"), "plain text; 'x'");
  EXPECT_EQ(CsvField("a,b"), "\"a,b\"");
  EXPECT_EQ(CsvField("a \"b\""), "\"a \"\"b\"\"\"");
  EXPECT_EQ(CsvField("a\rb"), "\"a\rb\"");
  EXPECT_EQ(CsvField("a\nb"), "\"a\nb\"");
  EXPECT_EQ(CsvField("\""), "\"\"\"\"");
  EXPECT_EQ(CsvField("é😀"), "é😀");
}

TEST_F(ExportFormatTest, MakesAFormulaAText) {
  EXPECT_EQ(CsvField("=1+1"), "'=1+1");
  EXPECT_EQ(CsvField("+1"), "'+1");
  EXPECT_EQ(CsvField("-1"), "'-1");
  EXPECT_EQ(CsvField("@SUM(A1)"), "'@SUM(A1)");
  EXPECT_EQ(CsvField("\t=1"), "'\t=1");
  EXPECT_EQ(CsvField("\r=1"), "\"'\r=1\"");
  EXPECT_EQ(CsvField("=HYPERLINK(\"http://evil\",\"x\")"), "\"'=HYPERLINK(\"\"http://evil\"\",\"\"x\"\")\"");
  EXPECT_EQ(CsvField("a=1"), "a=1");
}

// So that a reader that takes one away has what was recorded.
TEST_F(ExportFormatTest, PrefixesWhatLooksPrefixedAlready) {
  EXPECT_EQ(CsvField("'=1+1"), "''=1+1");
  EXPECT_EQ(CsvField("''-1"), "'''-1");
  EXPECT_EQ(CsvField("'"), "'");
  EXPECT_EQ(CsvField("'x' or 1=1"), "'x' or 1=1");
}

TEST_F(ExportFormatTest, HasTheFieldsThatAreAskedFor) {
  LoggedVisit visit = VisitTo("u", "=a,b");
  visit.id = 1'845'108'080'808'000'001;
  visit.attributes = {"DE"};
  store_.logged = {{visit}};
  const auto fields = *VisitFields::Parse("id,country,user_agent");
  EXPECT_EQ(Export("json", fields),
            R"({"visits":[{"id":"1845108080808000001","country":"DE","user_agent":"=a,b"}],"total_count":"1"})");
  EXPECT_EQ(Export("jsonl", fields), R"({"id":"1845108080808000001","country":"DE","user_agent":"=a,b"})"
                                     "\n");
  EXPECT_EQ(Export("csv", fields), "id,country,user_agent\r\n1845108080808000001,DE,\"'=a,b\"\r\n");
  EXPECT_EQ(store_.scanned->attributes, std::vector<Dimension>{Dimension::kCountry});
}

// A line with nothing on it is passed over by readers.
TEST_F(ExportFormatTest, WritesARecordOfOneEmptyField) {
  LoggedVisit visit = VisitTo("u");
  visit.attributes = {""};
  store_.logged = {{visit, visit}};
  EXPECT_EQ(Export("csv", *VisitFields::Parse("country")), "country\r\n\"\"\r\n\"\"\r\n");
  EXPECT_EQ(Export("csv", *VisitFields::Parse("country,url")), "country,url\r\n,u\r\n,u\r\n");
}

TEST_F(ExportFormatTest, SettlesWhereAPageEndsBeforeItBegins) {
  store_.logged = {{VisitTo("a")}};
  store_.end = 99;
  VisitExport visits({.limit = 3, .after = 7}, *FindExportFormat("json"));
  EXPECT_EQ(visits.SettleEnd(store_), 99);
  EXPECT_EQ(store_.end_found_of->limit, 3);
  std::string text;
  EXPECT_FALSE(visits.Next(store_, text));
  EXPECT_TRUE(text.ends_with(R"(],"total_count":"1","next":"99"})")) << text;
  EXPECT_EQ(store_.scanned->after, 7);
  EXPECT_EQ(store_.scanned->up_to, 99);
  EXPECT_EQ(store_.scanned->limit, std::nullopt) << "what is imported meanwhile pushes nothing beyond the end";
}

TEST_F(ExportFormatTest, EndsOnceTheReaderIsGone) {
  store_.logged = {{VisitTo("a")}, {VisitTo("b")}, {VisitTo("c")}};
  int pieces = 0;
  StreamVisits(store_, {{}, *FindExportFormat("json")}, [&pieces](std::string_view) { return ++pieces < 2; });
  EXPECT_EQ(pieces, 2);
}

TEST_F(ExportFormatTest, WritesAPieceAtATime) {
  store_.logged.assign(100, std::vector<LoggedVisit>(10, VisitTo("a")));
  size_t longest = 0;
  StreamVisits(store_, {{}, *FindExportFormat("csv")}, [&longest](std::string_view piece) {
    longest = std::max(longest, piece.size());
    return true;
  });
  EXPECT_LT(longest, 1'000U);
}

}  // namespace
}  // namespace page_count
