#include <sstream>
#include <string>
#include <vector>

#include "tests/e2e/clock.h"
#include "tests/e2e/service_test.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;

using AllVisits = ServiceTest;

std::vector<std::string> Lines(const std::string& text, const std::string& end) {
  std::vector<std::string> lines;
  for (size_t from = 0; from < text.size();) {
    const size_t to = text.find(end, from);
    if (to == std::string::npos) {
      ADD_FAILURE() << "an unfinished line: " << text.substr(from);
      break;
    }
    lines.push_back(text.substr(from, to - from));
    from = to + end.size();
  }
  return lines;
}

TEST_F(AllVisits, HasTheShapeOfItsRowNewestFirst) {
  for (int i = 0; i < 3; ++i) ASSERT_EQ(Visit(Page(std::to_string(i)), {"User-Agent: A/1"}).status, 200);
  const Json answer = GetJson("/all-visits");
  EXPECT_EQ(answer.keys(), (std::vector<std::string>{"visits", "total_count"}));
  EXPECT_EQ(answer["total_count"].text(), "\"" + std::to_string(answer["visits"].size()) + "\"");
  for (size_t i = 0; i < 3; ++i) {
    const Json visit = answer["visits"][i];
    EXPECT_EQ(visit.keys(), (std::vector<std::string>{"url", "ip", "user_agent", "timestamp"}));
    EXPECT_EQ(visit["url"].str(), Page(std::to_string(2 - i)));
    EXPECT_EQ(visit["ip"].str(), address());
    EXPECT_EQ(visit["user_agent"].str(), "A/1");
    EXPECT_TRUE(IsTimeText(visit["timestamp"].str(), ' ')) << visit.text();
    EXPECT_TRUE(IsNow(visit["timestamp"].str())) << visit.text();
  }
}

TEST_F(AllVisits, TotalCountIsOfThisAnswerWithSeparators) {
  RecordVisits(Page(), 1200);
  EXPECT_EQ(GetJson("/all-visits?limit=1100")["total_count"].text(), "\"1,100\"");
  EXPECT_EQ(GetJson("/all-visits?limit=7")["total_count"].text(), "\"7\"");
  EXPECT_EQ(GetJson("/all-visits?format=json&limit=1")["visits"].size(), 1U);
}

TEST_F(AllVisits, LimitAndOffsetPage) {
  for (int i = 0; i < 6; ++i) ASSERT_EQ(Visit(Page(std::to_string(i))).status, 200);
  const auto count = StoredVisits();
  const Json page = GetJson("/all-visits?limit=2&offset=1");
  ASSERT_EQ(page["visits"].size(), 2U);
  EXPECT_EQ(page["visits"][0]["url"].str(), Page("4"));
  EXPECT_EQ(page["visits"][1]["url"].str(), Page("3"));
  EXPECT_EQ(GetJson("/all-visits?offset=" + std::to_string(count - 1))["visits"].size(), 1U);
  EXPECT_EQ(GetJson("/all-visits?offset=" + std::to_string(count))["visits"].text(), "[]");
  EXPECT_EQ(GetJson("/all-visits?offset=999999999999")["total_count"].str(), "0");
}

TEST_F(AllVisits, ALimitOf0IsNone) {
  ASSERT_EQ(Visit(Page()).status, 200);
  EXPECT_EQ(GetJson("/all-visits?limit=0").text(), R"({"visits":[],"total_count":"0"})");
}

TEST_F(AllVisits, JsonlIsOneObjectALine) {
  for (int i = 0; i < 3; ++i) ASSERT_EQ(Visit(Page(std::to_string(i)), {"User-Agent: \"=q\""}).status, 200);
  const auto response = Get("/all-visits?format=jsonl&limit=3");
  EXPECT_EQ(response.Header("Content-Type"), "application/jsonl");
  const auto lines = Lines(response.body, "\n");
  ASSERT_EQ(lines.size(), 3U);
  for (size_t i = 0; i < 3; ++i) {
    const Json visit = Json::Parse(lines[i]);
    EXPECT_EQ(visit.keys(), (std::vector<std::string>{"url", "ip", "user_agent", "timestamp"}));
    EXPECT_EQ(visit["url"].str(), Page(std::to_string(2 - i)));
    EXPECT_EQ(visit["user_agent"].str(), "\"=q\"");
    EXPECT_TRUE(IsTimeText(visit["timestamp"].str(), ' ')) << visit.text();
  }
}

TEST_F(AllVisits, CsvIsAsInRfc4180) {
  ASSERT_EQ(Visit(Page("plain"), {"User-Agent: plain"}).status, 200);
  ASSERT_EQ(Visit(Page("a,b"), {"User-Agent: a, \"b\" c"}).status, 200);
  const auto response = Get("/all-visits?format=csv&limit=2");
  EXPECT_TRUE(response.Header("Content-Type").starts_with("text/csv")) << response.Header("Content-Type");
  const auto lines = Lines(response.body, "\r\n");
  ASSERT_EQ(lines.size(), 3U) << response.body;
  EXPECT_EQ(lines[0], "url,ip,user_agent,timestamp");
  EXPECT_TRUE(lines[1].starts_with("\"" + Page("a,b") + "\"," + address() + ",\"a, \"\"b\"\" c\",")) << lines[1];
  EXPECT_TRUE(lines[2].starts_with(Page("plain") + "," + address() + ",plain,")) << lines[2];
  EXPECT_TRUE(IsTimeText(lines[2].substr(lines[2].rfind(',') + 1), ' ')) << lines[2];
}

TEST_F(AllVisits, CsvDisarmsFormulas) {
  for (const char* formula : {"=1+1", "+1", "-1", "@SUM(A1)"}) {
    ASSERT_EQ(Visit(Page(), {std::string("User-Agent: ") + formula}).status, 200);
    const auto lines = Lines(Get("/all-visits?format=csv&limit=1").body, "\r\n");
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_NE(lines[1].find(std::string(",'") + formula + ","), std::string::npos) << lines[1];
    EXPECT_EQ(GetJson("/all-visits?limit=1")["visits"][0]["user_agent"].str(), formula);
  }
  ASSERT_EQ(Visit(Page(), {"User-Agent: =A1,\"x\""}).status, 200);
  const auto quoted = Lines(Get("/all-visits?format=csv&limit=1").body, "\r\n");
  EXPECT_NE(quoted.at(1).find(",\"'=A1,\"\"x\"\"\","), std::string::npos) << quoted.at(1);
  ASSERT_EQ(Visit(Page(), {"User-Agent: a=1+1-1@x"}).status, 200);
  const auto harmless = Lines(Get("/all-visits?format=csv&limit=1").body, "\r\n");
  EXPECT_NE(harmless.at(1).find(",a=1+1-1@x,"), std::string::npos) << harmless.at(1);
}

TEST_F(AllVisits, AnUnknownFormatIsInvalid) {
  for (const char* bad : {"xml", "JSON%00", "csv,json", "jsonl%20"}) {
    ExpectInvalid(Get(std::string("/all-visits?format=") + bad), R"(["query","format"])");
  }
}

// The rows of the contract on how times are read; visits of now are before or after them.
class AllVisitsTimes : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    ASSERT_EQ(Visit(Page()).status, 200);
    now_ = Clock::now();
  }

  std::string Count(const std::string& query) { return GetJson("/all-visits?" + query)["total_count"].str(); }
  std::string All() { return std::to_string(StoredVisits()); }

  Clock::time_point now_;
};

TEST_F(AllVisitsTimes, SinceIsExclusive) {
  EXPECT_EQ(Count("since=" + Encoded(TimeText(now_ - 1h))), All());
  EXPECT_EQ(Count("since=" + Encoded(TimeText(now_ + 1h))), "0");
}

TEST_F(AllVisitsTimes, StartAndEndAreInclusiveDaysOfWhichOnlyTheDayCounts) {
  const std::string today = DayText(now_);
  EXPECT_EQ(Count("start_date=" + today), All());
  EXPECT_EQ(Count("end_date=" + today), All());
  EXPECT_EQ(Count("start_date=" + today + "&end_date=" + today), All());
  EXPECT_EQ(Count("start_date=" + today + "T23:59:59"), All());
  EXPECT_EQ(Count("end_date=" + today + "T00:00:00"), All());
  EXPECT_EQ(Count("start_date=" + DayText(now_ + 24h)), "0");
  EXPECT_EQ(Count("end_date=" + DayText(now_ - 24h)), "0");
  EXPECT_EQ(Count("start_date=" + DayText(now_ - 24h) + "&end_date=" + DayText(now_ + 24h)), All());
}

TEST_F(AllVisitsTimes, ADayIsTheOneThatIsWrittenWhateverOffsetFollows) {
  const std::string today = DayText(now_);
  for (const char* rest : {"T00:00:00+02:00", "T23:59:59-11:00", " 00:00:00.5+14:00", "T23:59-00:30", "T12:00:00Z"}) {
    SCOPED_TRACE(rest);
    EXPECT_EQ(Count("start_date=" + Encoded(today + rest)), All());
    EXPECT_EQ(Count("end_date=" + Encoded(today + rest)), All());
    EXPECT_EQ(Count("start_date=" + Encoded(today + rest) + "&end_date=" + Encoded(today + rest)), All());
    EXPECT_EQ(Count("start_date=" + Encoded(DayText(now_ + 24h) + rest)), "0");
    EXPECT_EQ(Count("end_date=" + Encoded(DayText(now_ - 24h) + rest)), "0");
  }
}

TEST_F(AllVisitsTimes, RangeIncludesItsStartExcludesItsEndAndWins) {
  const std::string range = "range=" + Encoded(TimeText(now_ - 1h)) + "," + Encoded(TimeText(now_ + 1h));
  EXPECT_EQ(Count(range), All());
  EXPECT_EQ(Count("range=" + Encoded(TimeText(now_ - 1h) + "," + TimeText(now_ + 1h))), All());
  EXPECT_EQ(Count("range=" + Encoded(TimeText(now_ + 1h) + "," + TimeText(now_ + 2h))), "0");
  EXPECT_EQ(Count("range=" + Encoded(TimeText(now_ + 1h) + "," + TimeText(now_ - 1h))), "0");
  EXPECT_EQ(Count(range + "&since=" + Encoded(TimeText(now_ + 1h)) + "&start_date=" + DayText(now_ + 48h) +
                  "&end_date=" + DayText(now_ - 48h)),
            All());
  EXPECT_EQ(Count(range + "&limit=1"), "1");
}

TEST_F(AllVisitsTimes, AreReadInEverySpelling) {
  for (const char* spelling :
       {"2020-09-14", "2020-09-14 10:30:00", "2020-09-14T10:30:00", "2020-09-14T10:30:00.5",
        "2020-09-14 10:30:00.123456", "2020-09-14T10:30:00Z", "2020-09-14T10:30:00+05:30", "2020-09-14 10:30:00-08:00",
        "2020-09-14T10:30:00.25+01:00", "2020-09-14T10:30", "2020/09/14 10:30:00", "2020-09-14 5:7:2", "2020-02-29"}) {
    SCOPED_TRACE(spelling);
    EXPECT_EQ(Count("since=" + Encoded(spelling)), All());
    EXPECT_EQ(Count("range=" + Encoded(spelling) + "," + Encoded("2000-01-01T00:00")), "0");
    EXPECT_EQ(Count("start_date=" + Encoded(spelling)), All());
    EXPECT_EQ(Count("end_date=" + Encoded(spelling)), "0");
  }
}

TEST_F(AllVisitsTimes, ArePlacedByTheirOffset) {
  for (const auto& [offset, text] : std::vector<std::pair<std::chrono::minutes, std::string>>{
           {0min, "Z"}, {330min, "+05:30"}, {-480min, "-08:00"}, {0min, "+00:00"}}) {
    SCOPED_TRACE(text);
    EXPECT_EQ(Count("since=" + Encoded(TimeText(now_ - 1min + offset, 'T') + text)), All());
    EXPECT_EQ(Count("since=" + Encoded(TimeText(now_ + 1min + offset, 'T') + text)), "0");
  }
}

TEST_F(AllVisitsTimes, AnythingElseIsInvalid) {
  for (const char* bad : {"2025-02-30",
                          "2025-13-01",
                          "2025-00-10",
                          "2025-09-31",
                          "2023-02-29",
                          "2025-09-14 24:00:00",
                          "2025-09-14 10:60:00",
                          "2025-09-14 10:30:60",
                          "yesterday",
                          "14.09.2025",
                          "1757845800",
                          "2025-09-14 10:30:00 PM",
                          "2025-09-14x",
                          "2025-09",
                          "20250914",
                          "2025-09-14T",
                          "-1",
                          "2025-09-14T10:30:00+25:00",
                          "2025-09-14 10:30:00;",
                          "2025-09-14 10:30:00 ' or 1=1"}) {
    SCOPED_TRACE(bad);
    ExpectInvalid(Get("/all-visits?since=" + Encoded(bad)), R"(["query","since"])");
    ExpectInvalid(Get("/all-visits?start_date=" + Encoded(bad)), R"(["query","start_date"])");
    ExpectInvalid(Get("/all-visits?end_date=" + Encoded(bad)), R"(["query","end_date"])");
    ExpectInvalid(Get("/all-visits?range=" + Encoded(bad) + ",2025-09-15"), R"(["query","range"])");
    ExpectInvalid(Get("/all-visits?range=2025-09-13," + Encoded(bad)), R"(["query","range"])");
  }
  for (const char* bad : {"2025-09-14", ",", "2025-09-14,", ",2025-09-14", "2025-09-14,2025-09-15,2025-09-16"}) {
    SCOPED_TRACE(bad);
    ExpectInvalid(Get(std::string("/all-visits?range=") + bad), R"(["query","range"])");
  }
}

}  // namespace
}  // namespace page_count::e2e
