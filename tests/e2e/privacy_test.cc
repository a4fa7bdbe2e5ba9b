// What is kept of addresses, under settings that change while visits are kept, and once addresses are too old.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "tests/e2e/clock.h"
#include "tests/e2e/pool.h"
#include "tests/e2e/processes.h"
#include "tests/e2e/service_test.h"
#include "tests/e2e/wait.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;
bool Matches(const std::string& text, const char* pattern) { return std::regex_match(text, std::regex(pattern)); }

constexpr size_t kWorkers = 2;

class Privacy : public ServiceTest {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::filesystem::temp_directory_path() / ("page-count-privacy-" + std::to_string(getpid()));
    std::filesystem::create_directory(folder_);
    std::ofstream(folder_ / "geoip") << "2130706432,2147483647,DE\n";  // 127.0.0.0/8
    std::ofstream(folder_ / "geoip6") << "2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,FR\n";
    std::ofstream(folder_ / "page-count.conf") << "";
    StartService({.workers = kWorkers,
                  .environment = {{"PAGE_COUNT_CONFIG", folder_ / "page-count.conf"},
                                  {"PAGE_COUNT_COUNTRY_DATABASE", folder_},
                                  {"PAGE_COUNT_DRAIN", "1"}}});
  }
  static void TearDownTestSuite() {
    ServiceTest::TearDownTestSuite();
    std::filesystem::remove_all(folder_);
  }

  // As an operator changes settings: the file, and then a reload.
  static void Use(const std::string& settings) {
    std::ofstream(folder_ / "page-count.conf") << settings;
    const auto before = service().WorkerPids();
    ASSERT_EQ(kill(PidOf(service(), "serve"), SIGHUP), 0);
    ASSERT_TRUE(WaitFor(60s, [&] { return PoolIsWhole(service(), kWorkers, before); })) << service().Output();
  }
  static std::string DayKeys() { return service().data_folder() + "/run/rate-table.day-keys"; }

  std::string IpOf(const HttpResponse& response) { return Json::Parse(response.body)["ip"].str(); }
  // Those of a page's visits, newest first.
  std::vector<std::string> Ips(const std::string& page) {
    std::vector<std::string> ips;
    const Json visits = GetJson("/all-visits")["visits"];
    for (size_t i = 0; i < visits.size(); ++i) {
      if (visits[i]["url"].str() == page) ips.push_back(visits[i]["ip"].str());
    }
    return ips;
  }
  static bool FilesHave(const std::string& bytes) {
    return ReadFile(service().database()).find(bytes) != std::string::npos ||
           ReadFile(service().database() + "-wal").find(bytes) != std::string::npos;
  }
  static void ExpectSound() { service().RunProgram({"check", "--database", service().database()}); }

  static inline std::filesystem::path folder_;
};

TEST_F(Privacy, AChangedSettingHoldsForTheVisitsAfterIt) {
  const std::string whole = address();
  const std::string network = whole.substr(0, whole.rfind('.')) + ".0";
  EXPECT_EQ(IpOf(Visit(Page())), whole);
  EXPECT_FALSE(std::filesystem::exists(DayKeys()));

  Use("addresses = hashed\n");
  const std::string hash = IpOf(Visit(Page()));
  EXPECT_TRUE(Matches(hash, "hash-DE-[0-9a-f]{16}")) << hash;
  EXPECT_EQ(IpOf(Visit(Page())), hash);
  EXPECT_EQ(IpOf(Get("/?url=" + Page(), {"User-Agent: third"})).substr(0, 8), "hash-DE-");
  const auto bulk = Post("/bulk-visits", BulkBody(Page(), 1), {"Content-Type: application/json", "User-Agent: other"});
  EXPECT_TRUE(Matches(IpOf(bulk), "hash-DE-[0-9a-f]{16}")) << IpOf(bulk);
  EXPECT_NE(IpOf(bulk), hash) << "of another agent";
  EXPECT_TRUE(std::filesystem::exists(DayKeys()));
  EXPECT_EQ(std::filesystem::status(DayKeys()).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);

  Use("addresses = cut\n");
  EXPECT_EQ(IpOf(Visit(Page())), network);
  EXPECT_FALSE(std::filesystem::exists(DayKeys()));

  const auto ips = Ips(Page());
  ASSERT_EQ(ips.size(), 6U);
  EXPECT_EQ(ips.front(), network);
  EXPECT_EQ(ips.back(), whole);
  const Json stats = GetJson("/stats?url=" + Page());
  EXPECT_EQ(stats["total_visits"].number(), 6);
  EXPECT_EQ(stats["unique_ips"].number(), 5);
  EXPECT_EQ(stats["recent_visits"][0]["ip"].str(), network);
  EXPECT_EQ(GetJson("/query?by=country&page=" + Page())["rows"].text(), R"([{"key":"DE","visits":6,"visitors":5}])");
  ExpectSound();
}

TEST_F(Privacy, TheRateLimitKnowsWhomTheSettingDoesNot) {
  Use("addresses = cut\n");
  HttpClient one = ClientAt("127.77.1.1");
  HttpClient other = ClientAt("127.77.1.2");
  const HttpRequest visit{.method = "POST", .target = "/visit", .headers = kJsonBody, .body = VisitBody(Page())};
  for (int i = 0; i < 10; ++i) ASSERT_EQ(Send(one, visit).status, 200);
  EXPECT_EQ(Send(one, visit).status, 429);
  const auto admitted = Send(other, visit);
  EXPECT_EQ(admitted.status, 200);
  EXPECT_EQ(IpOf(admitted), "127.77.1.0");
  EXPECT_EQ(GetJson("/stats?url=" + Page())["unique_ips"].number(), 1);
}

TEST_F(Privacy, OldAddressesBecomeUnreadableAndTheirVisitorsStay) {
  Use("addresses = whole\n");
  const std::string file = service().folder() + "/old.csv";
  const std::string old = TimeText(std::chrono::system_clock::now() - std::chrono::days(40));
  std::ofstream(file) << "url,ip,user_agent,timestamp\n"
                      << Page() << ",198.51.100.77,a," << old << "\n"
                      << Page() << ",198.51.100.78,a," << old << "\n"
                      << Page() << ",198.51.100.77,a," << old << "\n"
                      << Page() << ",2001:db8:5::99,a," << old << "\n";
  service().RunProgram({"import", "--database", service().database(), file});
  const std::string packed("\4\xc6\x33\x64\x4d", 5);
  EXPECT_TRUE(FilesHave(packed));
  ASSERT_EQ(Visit(Page()).status, 200);
  EXPECT_EQ(GetJson("/query?by=country&order=key&from=2020-01-01&page=" + Page())["rows"].text(),
            R"([{"key":"","visits":3,"visitors":2},{"key":"DE","visits":1,"visitors":1},)"
            R"({"key":"FR","visits":1,"visitors":1}])");

  Use("address-retention = 30d\n");
  EXPECT_TRUE(WaitFor(60s, [&] { return !FilesHave(packed); })) << service().Output();
  const auto ips = Ips(Page());
  ASSERT_EQ(ips.size(), 5U);
  EXPECT_EQ(ips[0], address());
  for (size_t i = 1; i < ips.size(); ++i) EXPECT_TRUE(Matches(ips[i], "expired-(FR-)?[0-9a-f]{16}")) << ips[i];
  EXPECT_EQ(GetJson("/stats?url=" + Page())["unique_ips"].number(), 4);
  EXPECT_EQ(GetJson("/query?by=country&order=key&from=2020-01-01&page=" + Page())["rows"].text(),
            R"([{"key":"","visits":3,"visitors":2},{"key":"DE","visits":1,"visitors":1},)"
            R"({"key":"FR","visits":1,"visitors":1}])");
  ExpectSound();

  // An export goes into another file as it is.
  const std::string exported = service().folder() + "/visits.csv";
  std::ofstream(exported) << Get("/all-visits?format=csv").body;
  const std::string copy = service().folder() + "/copy.db";
  service().RunProgram({"import", "--strict", "--database", copy, exported});
  service().RunProgram({"check", "--database", copy});
}

}  // namespace
}  // namespace page_count::e2e
