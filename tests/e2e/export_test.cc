#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/e2e/clock.h"
#include "tests/e2e/pool.h"
#include "tests/e2e/processes.h"
#include "tests/e2e/raw_http.h"
#include "tests/e2e/service_test.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A log of a million visits.
class Export : public ServiceTest {
 protected:
  static constexpr int kVisits = 1'000'000;
  static constexpr long kWorkerLimitKib = 80L * 1024;  // the answer has more than that
  static constexpr uintmax_t kWalLimitBytes = 64UL * 1024 * 1024;

  static void SetUpTestSuite() {
    StartService({});
    const std::string file = service().folder() + "/visits.csv";
    {
      std::ofstream csv(file);
      csv << "url,ip,user_agent,timestamp\r\n";
      const auto start = Clock::now() - 24h * 60;
      std::string time;
      for (int i = 0; i < kVisits; ++i) {
        if (i % 20 == 0) time = TimeText(start + 1s * (i / 20));
        csv << "https://million.example/page/" << i % 5000 << ",192.0." << i % 7 << '.' << i % 250 << ",Agent/"
            << i % 50 << ',' << time << "\r\n";
      }
    }
    service().RunProgram({"import", file, "--database", service().database()});
    std::filesystem::remove(file);
  }

  static void ExpectSmallWorkers() {
    if (kSanitized) return;
    for (const pid_t worker : service().WorkerPids()) {
      const long peak = PeakResidentKib(worker);
      EXPECT_LT(peak, kWorkerLimitKib) << "worker " << worker;
      RecordProperty("peak_resident_kib_" + std::to_string(worker), std::to_string(peak));
    }
  }

  static uintmax_t WalBytes() {
    std::error_code error;
    const auto size = std::filesystem::file_size(service().database() + "-wal", error);
    return error ? 0 : size;
  }

  static void Ask(RawConnection& connection, const std::string& format) {
    connection.Write("GET /all-visits?format=" + format + " HTTP/1.0\r\nHost: localhost\r\n\r\n");
  }

  struct Answer {
    std::string head;
    std::string tail;  // the last bytes
    int64_t marks = 0;
  };

  // How often `mark` comes in the answer, which is not kept.
  static Answer ReadCounting(const std::string& format, std::string_view mark) {
    RawConnection connection(service().http_port());
    Ask(connection, format);
    Answer answer;
    std::string window;  // ends in what may be the start of a mark
    for (std::string part = connection.Read(1 << 20); !part.empty(); part = connection.Read(1 << 20)) {
      if (answer.head.empty()) answer.head = part.substr(0, part.find("\r\n\r\n"));
      window += part;
      size_t end = 0;
      for (size_t at = window.find(mark); at != std::string::npos; at = window.find(mark, end)) {
        ++answer.marks;
        end = at + mark.size();
      }
      answer.tail = window.substr(window.size() - std::min<size_t>(window.size(), 100));
      window.erase(0, std::max(end, window.size() - std::min(window.size(), mark.size() - 1)));
    }
    EXPECT_TRUE(answer.head.starts_with("HTTP/1.1 200")) << answer.head;
    return answer;
  }
};

TEST_F(Export, OfAMillionVisitsStreamsAsJson) {
  const Answer answer = ReadCounting("json", R"({"url":)");
  EXPECT_NE(answer.head.find("application/json"), std::string::npos) << answer.head;
  EXPECT_EQ(answer.marks, kVisits);
  EXPECT_NE(answer.tail.find(R"("total_count":"1,000,000")"), std::string::npos) << answer.tail;
  ExpectSmallWorkers();
}

TEST_F(Export, OfAMillionVisitsStreamsAsJsonLines) {
  const Answer answer = ReadCounting("jsonl", "\"}\n");
  EXPECT_NE(answer.head.find("application/jsonl"), std::string::npos) << answer.head;
  EXPECT_EQ(answer.marks, kVisits);
  ExpectSmallWorkers();
}

TEST_F(Export, OfAMillionVisitsStreamsAsCsv) {
  const Answer answer = ReadCounting("csv", "\r\nhttps://million.example/page/");
  EXPECT_NE(answer.head.find("text/csv"), std::string::npos) << answer.head;
  EXPECT_EQ(answer.marks, kVisits);
  ExpectSmallWorkers();
}

// A reader of 1 KB/s while 200,000 visits are recorded.
TEST_F(Export, ToASlowReaderNeitherBlocksRecordingNorGrowsTheLog) {
  constexpr int kClients = 4;
  constexpr int kRequests = 500;  // of 100 visits
  RawConnection slow(service().http_port());
  Ask(slow, "csv");
  std::atomic<int> recording = kClients;
  std::atomic<int> recorded = 0;
  std::atomic<int64_t> longest_ms = 0;
  std::vector<std::thread> clients;
  clients.reserve(kClients);
  for (int c = 0; c < kClients; ++c) {
    clients.emplace_back([&, c] {
      HttpClient client = ClientAt("127.93.0." + std::to_string(c + 1));
      for (int i = 0; i < kRequests; ++i) {
        std::string pages = "[";
        for (int n = 0; n < 100; ++n) {
          pages +=
              (n == 0 ? "" : ",") + Quoted("https://slow.example/" + std::to_string((c * kRequests + i) * 100 + n));
        }
        const auto start = steady_clock::now();
        const auto response =
            client.Send({.method = "POST", .target = "/bulk-visits", .headers = kJsonBody, .body = pages + "]"});
        const int64_t taken = std::chrono::ceil<milliseconds>(steady_clock::now() - start).count();
        longest_ms = std::max<int64_t>(longest_ms, taken);
        if (response.body.find("\"visits_recorded\":100") != std::string::npos) recorded += 100;
      }
      --recording;
    });
  }

  uintmax_t largest_wal = 0;
  std::string answer;
  for (auto next_read = steady_clock::now(); recording > 0;) {
    largest_wal = std::max(largest_wal, WalBytes());
    if (steady_clock::now() >= next_read) {
      answer += slow.Read(1024);
      next_read += 1s;
    }
    std::this_thread::sleep_for(20ms);
  }
  for (std::thread& client : clients) client.join();

  EXPECT_EQ(recorded, kClients * kRequests * 100) << "every request is answered, every visit recorded";
  EXPECT_LT(longest_ms, kSanitized ? 20'000 : 3'000);
  EXPECT_LT(largest_wal, kWalLimitBytes);
  RecordProperty("largest_wal_bytes", std::to_string(largest_wal));
  RecordProperty("longest_request_ms", std::to_string(longest_ms.load()));
  answer += slow.ReadToEnd();
  EXPECT_GE(std::count(answer.begin(), answer.end(), '\n'), kVisits) << "and the reader gets its whole answer";
  ExpectSmallWorkers();
}

}  // namespace
}  // namespace page_count::e2e
