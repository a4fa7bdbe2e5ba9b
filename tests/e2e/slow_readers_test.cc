#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/clock.h"
#include "tests/e2e/pool.h"
#include "tests/e2e/processes.h"
#include "tests/e2e/raw_http.h"
#include "tests/e2e/service_test.h"
#include "tests/e2e/wait.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr int kVisits = 300'000;  // 40 MB as JSON: more than all buffers on the way hold

// Imports many visits, all 40 to 60 days old.
void ImportVisits(const Service& service) {
  const std::string file = service.folder() + "/visits.csv";
  std::ofstream csv(file);
  csv << "url,ip,user_agent,timestamp\r\n";
  const auto start = Clock::now() - 24h * 60;
  for (int i = 0; i < kVisits; ++i) {
    csv << "https://many.example/" << i % 1000 << ",192.0.2." << i % 200 << ",Agent/" << i % 50 << ","
        << TimeText(start + 5s * i) << "\r\n";
  }
  csv.close();
  service.RunProgram({"import", file, "--database", service.database()});
}

// Somebody who asks for all visits, and takes their time.
class Reader {
 public:
  explicit Reader(int port, const std::string& format = "json") : connection_(port) {
    connection_.Write("GET /all-visits?format=" + format + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    answer_ = connection_.Read(1'000);
    EXPECT_TRUE(answer_.starts_with("HTTP/1.1 200")) << answer_;
  }
  // False at the end.
  bool ReadSome(size_t bytes) {
    const std::string some = connection_.Read(bytes);
    answer_ += some;
    return !some.empty();
  }
  void ReadToEnd() { answer_ += connection_.ReadToEnd(); }
  // To the last chunk of it.
  bool HasAll() const {
    return answer_.find("\"total_count\":\"") != std::string::npos && answer_.ends_with("\r\n0\r\n\r\n");
  }
  const std::string& answer() const { return answer_; }

 private:
  RawConnection connection_;
  std::string answer_;
};

class SlowReaders : public ServiceTest {
 protected:
  static constexpr int kReaders = 20;

  static void SetUpTestSuite() {
    StartService({});
    ImportVisits(service());
    idle_since_ = steady_clock::now();
    idle_ = std::make_unique<Reader>(service().http_port());
  }
  static void TearDownTestSuite() {
    idle_.reset();
    ServiceTest::TearDownTestSuite();
  }

  static std::vector<std::unique_ptr<Reader>> ManyReaders(int count) {
    std::vector<std::unique_ptr<Reader>> readers;
    for (int i = 0; i < count; ++i) readers.push_back(std::make_unique<Reader>(service().http_port()));
    return readers;
  }

  // What nginx keeps in files for its clients: they have no name any more, and take the disk's room.
  static uintmax_t SpooledBytes() {
    uintmax_t bytes = 0;
    for (const pid_t process : ChildrenOf(PidOf(service(), "nginx"))) {
      std::error_code error;
      for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(process) + "/fd", error)) {
        if (fs::read_symlink(entry, error).string().find("/tmp/fastcgi/") == std::string::npos) continue;
        struct stat status{};
        if (stat(entry.path().c_str(), &status) == 0) bytes += static_cast<uintmax_t>(status.st_size);
      }
    }
    return bytes;
  }

  // How long calls take. The machine may have other work, so some may take longer; but none waits for anybody.
  void ExpectWithin(std::chrono::milliseconds limit, int calls, const std::string& target) {
    if (kSanitized) limit *= 10;
    std::vector<steady_clock::duration> times;
    for (int i = 0; i < calls; ++i) {
      const auto start = steady_clock::now();
      EXPECT_EQ(Get(target).status, 200) << target;
      times.push_back(steady_clock::now() - start);
    }
    std::sort(times.begin(), times.end());
    EXPECT_LT(times[times.size() / 2], limit) << target;
    EXPECT_LT(times.back(), limit * 20) << target;
  }
  void ExpectAllElseGoesOn() {
    ExpectWithin(50ms, 100, "/health");
    ExpectWithin(1s, 10, "/stats");
    ExpectWithin(1s, 5, "/summary");
    EXPECT_EQ(Visit(Page()).status, 200);
  }

  static inline std::unique_ptr<Reader> idle_;  // takes nothing for long
  static inline steady_clock::time_point idle_since_;
};

TEST_F(SlowReaders, HoldNothingUpAndTakeNoRoomOnTheDisk) {
  auto readers = ManyReaders(kReaders);
  ExpectAllElseGoesOn();
  EXPECT_EQ(SpooledBytes(), 0U);
  readers.front()->ReadToEnd();
  EXPECT_TRUE(readers.front()->HasAll());
  readers.resize(kReaders / 2);  // the others are gone
  ExpectAllElseGoesOn();
  readers.back()->ReadToEnd();
  EXPECT_TRUE(readers.back()->HasAll());
  EXPECT_EQ(SpooledBytes(), 0U);
}

TEST_F(SlowReaders, EightOfThemAndFourCleanupsHoldNothingUp) {
  const auto readers = ManyReaders(7);  // beside the idle one
  std::vector<std::thread> cleanups;
  for (const int days : {57, 54, 51, 48}) {
    cleanups.emplace_back([target = "/cleanup?days=" + std::to_string(days)] {
      HttpClient client = ClientAt("127.96.0.2");
      EXPECT_EQ(client.Send({.method = "DELETE", .target = target, .headers = {}, .body = {}}).status, 200);
    });
  }
  ExpectAllElseGoesOn();
  for (auto& cleanup : cleanups) cleanup.join();
  EXPECT_EQ(GetJson("/stats")["recent_visits"].size(), 10U);
}

TEST_F(SlowReaders, MoreThanAWorkerKeepsAreToldToComeAgain) {
  std::vector<std::unique_ptr<RawConnection>> readers;
  std::string answer;
  for (int i = 0; i < 200 && answer.find(" 503 ") == std::string::npos; ++i) {
    readers.push_back(std::make_unique<RawConnection>(service().http_port()));
    readers.back()->Write("GET /all-visits HTTP/1.0\r\nHost: localhost\r\n\r\n");
    answer = readers.back()->Read(2'000);
  }
  ASSERT_NE(answer.find(" 503 "), std::string::npos);
  answer += readers.back()->ReadToEnd();
  EXPECT_NE(answer.find("\r\nRetry-After: "), std::string::npos) << answer;
  EXPECT_NE(answer.find(R"({"detail":")"), std::string::npos) << answer;
  EXPECT_EQ(Get("/stats").status, 200);
  readers.clear();
  EXPECT_TRUE(WaitFor(20s, [this] { return Get("/all-visits?limit=1").status == 200; }));
}

TEST_F(SlowReaders, GetAllEvenAfterAMinuteOfNothing) {
  std::this_thread::sleep_until(idle_since_ + 62s);
  idle_->ReadToEnd();
  EXPECT_TRUE(idle_->HasAll()) << idle_->answer().size() << " bytes";
}

class ReaderTimeout : public ServiceTest {
 protected:
  static void SetUpTestSuite() {
    StartService({.workers = 1, .environment = {{"PAGE_COUNT_READER_TIMEOUT", "3"}}});
    ImportVisits(service());
  }
};

TEST_F(ReaderTimeout, CutsOffWhoTakesNothingAndNobodyWhoIsSlow) {
  const size_t logged = service().Output().size();
  Reader idle(service().http_port());
  Reader slow(service().http_port());
  const auto log = [&] { return service().Output().substr(logged); };
  const std::string line = "an answer is cut off: its reader has taken nothing for 3 s\n";
  const auto start = steady_clock::now();
  while (steady_clock::now() < start + 8s && slow.ReadSome(100'000)) std::this_thread::sleep_for(50ms);
  EXPECT_TRUE(WaitFor(20s, [&] { return log().find(line) != std::string::npos; })) << log();
  slow.ReadToEnd();
  EXPECT_TRUE(slow.HasAll());
  idle.ReadToEnd();
  EXPECT_FALSE(idle.HasAll()) << "it must not look whole";
  EXPECT_EQ(log().find(line), log().rfind(line)) << log();
}

}  // namespace
}  // namespace page_count::e2e
