// What was recorded through HTTP, exported and imported again, is the same visits.
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/e2e/processes.h"
#include "tests/e2e/service_test.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;

class RoundTrip : public ServiceTest {
 protected:
  // Exports all visits, imports them into a new file, and expects the same export of that.
  void ExpectSameAfterImport(const std::string& format) {
    const std::string exported = Get("/all-visits?format=" + format).body;
    const std::string name = service().folder() + "/" + std::to_string(++exports_) + format;
    const std::string file = Run({"export", "--format", format, "--database", service().database()}, name + ".out");
    EXPECT_EQ(exported, file) << "the command's and the endpoint's exports are the same";
    const std::string copy = name + ".db";
    service().RunProgram({"import", name + ".out", "--database", copy});
    EXPECT_EQ(Run({"export", "--format", format, "--database", copy}, name + ".again"), exported);
  }

 private:
  static inline int exports_ = 0;

  // What the program prints.
  std::string Run(std::vector<std::string> arguments, const std::string& output) {
    arguments.insert(arguments.begin(), std::getenv("BUILD_DIR") + std::string("/worker/page-count"));
    const auto status = WaitForExit(Spawn(arguments, {}, output), 60s);
    EXPECT_EQ(status, 0) << ReadFile(output);
    return ReadFile(output);
  }
};

TEST_F(RoundTrip, OfVisitsOfOneSecondInAnyFormat) {
  for (int batch = 0; batch < 5; ++batch) {
    std::string pages = "[";
    for (int i = 0; i < 20; ++i) pages += (i == 0 ? "" : ",") + Quoted(Page(std::to_string(batch * 100 + i)));
    ASSERT_EQ(Post("/bulk-visits", pages + "]").status, 200);
  }
  for (const char* agent : {"=1+1", "'=1+1", "''@x", "'", "'x", "a,\"b\"", "\xC3\xA9", "\xE9"}) {
    ASSERT_EQ(Visit(Page(), {std::string("User-Agent: ") + agent}).status, 200);
  }
  for (const char* format : {"csv", "jsonl", "json"}) ExpectSameAfterImport(format);
}

// Each letter of two bytes becomes six.
TEST_F(RoundTrip, OfAUrlThatGrowsByEncoding) {
  std::string url = Page();
  for (int i = 0; i < 700; ++i) url += "\xC3\xBC";
  const auto visit = Visit(url);
  ASSERT_EQ(visit.status, 200) << visit.body;
  const std::string stored = Json::Parse(visit.body)["url"].str();
  ASSERT_GT(stored.size(), 4'200U);
  EXPECT_EQ(GetJson("/stats/" + stored)["total_visits"].number(), 1);
  for (const char* format : {"csv", "jsonl", "json"}) ExpectSameAfterImport(format);
}

}  // namespace
}  // namespace page_count::e2e
