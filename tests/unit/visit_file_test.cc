#include "worker/commands/visit_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/conformance/visit_list.h"
#include "tests/unit/temporary_folder.h"

namespace page_count {
namespace {

using Lines = std::vector<std::string>;

// Each visit's page and source, then what was refused and why.
class VisitFileTest : public testing::Test {
 protected:
  Lines Read(const std::string& text) {
    const std::string path = folder_.File("visits");
    std::ofstream(path) << text;
    RawInput input(path, RawInput::Passes::kOne);
    Lines refused;
    VisitFile file(
        input, [] { return *ParseUtcTime("2026-01-01"); },
        [&](const std::string& sentence) { refused.push_back(sentence.substr(path.size() + 1)); });
    Lines lines;
    for (VisitBatch batch = file.Read(kAtOnce); !batch.visits.empty(); batch = file.Read(kAtOnce)) {
      for (const LoggedVisit& visit : ListOf(batch).visits) lines.push_back(visit.url + '|' + visit.source);
      sources_ += batch.of(Dimension::kSource).texts().size();
    }
    lines.insert(lines.end(), refused.begin(), refused.end());
    return lines;
  }
  static std::string Object(const std::string& url, const std::string& members) {
    return R"({"url":")" + url + R"(","ip":"192.0.2.1","user_agent":"a","timestamp":"2025-09-14 10:30:00")" +
           (members.empty() ? "" : ",") + members + "}\n";
  }

  static constexpr size_t kAtOnce = 1'000;
  const TemporaryFolder folder_;
  size_t sources_ = 0;  // in the batches
};

TEST_F(VisitFileTest, TakesASourceAsItIs) {
  const std::string with_campaign = " source=a%20b&medium=email";
  EXPECT_EQ(Read(Object("http://h/?ref=x", R"("source":"https://news.example/a")") +
                 Object("http://h/", R"("source":")" + with_campaign + R"(","referrer":"https://other.example/")") +
                 Object("http://h/?ref=x", R"("source":"")")),
            (Lines{"http://h/?ref=x|https://news.example/a", "http://h/|" + with_campaign, "http://h/?ref=x|"}));
}

TEST_F(VisitFileTest, MakesASourceOfTheReferrerAndThePageAsRecordingDoes) {
  const std::string referrer = R"("referrer":"https://News.Example/a?q=1")";
  EXPECT_EQ(Read(Object("http://h/", referrer) + Object("http://news.example/b", referrer) +
                 Object("http://h/?utm_source=letter", referrer) + Object("http://h/?utm_source=letter", "") +
                 Object("http://h/", R"("referrer":null,"source":null)") + Object("http://h/", R"("referrer":"-")") +
                 Object("http://h/", "")),
            (Lines{"http://h/|https://news.example/a", "http://news.example/b|",
                   "http://h/?utm_source=letter|https://news.example/a source=letter",
                   "http://h/?utm_source=letter| source=letter", "http://h/|", "http://h/|", "http://h/|"}));
}

TEST_F(VisitFileTest, TakesBackTheReferrersOfAnExport) {
  for (const std::string source : {"https://news.example/a source=letter&medium=email", " campaign=spring"}) {
    EXPECT_EQ(Read(Object("http://h/", R"("referrer":")" + source + '"')), Lines{"http://h/|" + source});
  }
  EXPECT_EQ(Read(Object("http://h/", R"("referrer":"no source")")), Lines{"http://h/|"});
}

TEST_F(VisitFileTest, ReadsSourcesOfCsvToo) {
  const std::string rest = "192.0.2.1,a,2025-09-14 10:30:00\n";
  EXPECT_EQ(Read("referrer,url,ip,user_agent,timestamp\nhttps://news.example/,http://h/," + rest + ",http://h/?ref=x," +
                 rest + "url,Source,ip,user_agent,timestamp\nhttp://h/, medium=m," + rest + "http://h/?ref=x,," + rest),
            (Lines{"http://h/|https://news.example/", "http://h/?ref=x| source=x", "http://h/| medium=m",
                   "http://h/?ref=x|"}));
}

TEST_F(VisitFileTest, RefusesASourceThatIsNone) {
  EXPECT_EQ(
      Read(Object("http://h/", R"("source":"newsletter")") + Object("http://h/", R"("source":5)") +
           Object("http://h/", R"("referrer":[])") + Object("http://h/", "")),
      (Lines{"http://h/|", "line 1: source 'newsletter' is not as page-count writes one; a referrer's name is referrer",
             "line 2: the object has no text source", "line 3: the object has no text referrer"}));
}

TEST_F(VisitFileTest, HasASourceOnceABatch) {
  std::string text;
  for (int i = 0; i < 300; ++i) {
    const std::string page = "http://h" + std::to_string(i % 3) + "/" + std::to_string(i);
    text += Object(page, R"("referrer":"https://news.example/)" + std::to_string(i % 5) + R"(?q=)" + page + R"(")");
  }
  EXPECT_EQ(Read(text).size(), 300U);
  EXPECT_EQ(sources_, 5U);
}

}  // namespace
}  // namespace page_count
