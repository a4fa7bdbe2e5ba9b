#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "tests/e2e/clock.h"
#include "tests/e2e/pool.h"
#include "tests/e2e/processes.h"
#include "tests/e2e/raw_http.h"
#include "tests/e2e/service_test.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

// Many visits, all 40 to 60 days old.
class Streaming : public ServiceTest {
 protected:
  static constexpr int kVisits = 300000;
  static constexpr long kWorkerLimitKib = 80L * 1024;  // of which a maintaining worker takes 60

  static void SetUpTestSuite() {
    StartService({});
    const std::string file = service().folder() + "/visits.csv";
    std::ofstream csv(file);
    csv << "url,ip,user_agent,timestamp\r\n";
    const auto start = Clock::now() - 24h * 60;
    for (int i = 0; i < kVisits; ++i) {
      csv << "https://many.example/" << i % 1000 << ",192.0.2." << i % 200 << ",Agent/" << i % 50 << ","
          << TimeText(start + 5s * i) << "\r\n";
    }
    csv.close();
    service().RunProgram({"import", file, "--database", service().database()});
  }

  static void ExpectSmallWorkers() {
    if (kSanitized) return;
    for (const pid_t worker : service().WorkerPids()) EXPECT_LT(PeakResidentKib(worker), kWorkerLimitKib) << worker;
  }

  static uintmax_t WalBytes() {
    std::error_code error;
    const auto size = std::filesystem::file_size(service().database() + "-wal", error);
    return error ? 0 : size;
  }
};

TEST_F(Streaming, TheWholeLogComesOutInEveryFormatFromASmallWorker) {
  const auto json = Get("/all-visits");
  EXPECT_EQ(Json::Parse(json.body)["total_count"].str(), "300,000");
  EXPECT_EQ(Json::Parse(json.body)["visits"].size(), size_t{kVisits});
  const auto lines = [](const std::string& text) { return std::count(text.begin(), text.end(), '\n'); };
  EXPECT_EQ(lines(Get("/all-visits?format=jsonl").body), kVisits);
  EXPECT_EQ(lines(Get("/all-visits?format=csv").body), kVisits + 1);
  ExpectSmallWorkers();
}

TEST_F(Streaming, ASlowReaderNeitherBlocksWritersNorGrowsTheWal) {
  constexpr int kRequests = 2000;  // of 100 new pages: 60 MiB of log, were it not checkpointed meanwhile
  RawConnection slow(service().http_port());
  slow.Write("GET /all-visits?format=csv HTTP/1.0\r\nHost: localhost\r\n\r\n");
  std::string answer = slow.Read(1000);
  ASSERT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;

  uintmax_t largest = 0;
  steady_clock::duration longest{};
  for (int i = 0; i < kRequests; ++i) {
    HttpClient client = ClientAt(OtherAddress());
    std::string pages = "[";
    for (int n = 0; n < 100; ++n) pages += (n == 0 ? "" : ",") + Quoted(Page(std::to_string(i * 100 + n)));
    const auto start = steady_clock::now();
    const auto response =
        client.Send({.method = "POST", .target = "/bulk-visits", .headers = kJsonBody, .body = pages + "]"});
    ASSERT_EQ(Json::Parse(response.body)["visits_recorded"].number(), 100) << response.body;
    longest = std::max(longest, steady_clock::now() - start);
    largest = std::max(largest, WalBytes());
    if (i % 100 == 0) answer += slow.Read(1000);
  }
  EXPECT_LT(longest, 2s);
  EXPECT_LT(largest, 48U << 20) << "the WAL is not checkpointed meanwhile";
  answer += slow.ReadToEnd();
  EXPECT_GE(std::count(answer.begin(), answer.end(), '\n'), kVisits) << "the slow reader gets its whole answer";
  ExpectSmallWorkers();
}

TEST_F(Streaming, RecordingGoesOnDuringACleanup) {
  const auto before = StoredVisits();
  std::thread cleanup([&] {
    HttpClient client = ClientAt("127.96.0.1");
    const auto response = client.Send({.method = "DELETE", .target = "/cleanup?days=30", .headers = {}, .body = {}});
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(Json::Parse(response.body)["deleted_visits"].number(), kVisits) << response.body;
  });
  steady_clock::duration longest{};
  constexpr int kRecorded = 60;
  for (int i = 0; i < kRecorded; ++i) {
    const auto start = steady_clock::now();
    EXPECT_EQ(Visit(Page(std::to_string(i))).status, 200);
    longest = std::max(longest, steady_clock::now() - start);
  }
  cleanup.join();
  EXPECT_LT(longest, kSanitized ? 5s : 1s);
  EXPECT_EQ(StoredVisits(), before - kVisits + kRecorded);
  EXPECT_EQ(GetJson("/stats/https://many.example/1")["total_visits"].number(), 0);
}

}  // namespace
}  // namespace page_count::e2e
