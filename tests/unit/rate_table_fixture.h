// What the tests of SharedRateTable share: a folder of their own, a clock they set, processes that may die.
#ifndef PAGE_COUNT_TESTS_UNIT_RATE_TABLE_FIXTURE_H_
#define PAGE_COUNT_TESTS_UNIT_RATE_TABLE_FIXTURE_H_

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "tests/unit/decide.h"
#include "worker/limit/rate_table_file.h"
#include "worker/limit/shared_rate_table.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PAGE_COUNT_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PAGE_COUNT_SANITIZED 1
#endif
#endif
#ifndef PAGE_COUNT_SANITIZED
#define PAGE_COUNT_SANITIZED 0
#endif

namespace page_count {

class SharedRateTablePeer {
 public:
  // Takes the lock of a key's bucket and never gives it back.
  static void Lock(SharedRateTable& table, const RateKey& key) { pthread_mutex_lock(&HeadOf(table, key).mutex); }

  // Where a key's log stands.
  static RateBucket::Head& HeadOf(SharedRateTable& table, const RateKey& key) {
    return table.BucketOf(table.HashOf(key)).head();
  }

  // The file as it stands in memory.
  static std::string BytesOf(const SharedRateTable& table) {
    return std::string(reinterpret_cast<const char*>(&table.file_->header()), table.file_->size());
  }
};

class RateTableTest : public testing::Test {
 protected:
  static constexpr RateKey kKey = {.client = "192.0.2.1", .page = "https://example.com/"};
  static constexpr int kFailed = 255;

  RateTableTest() {
    std::string pattern = testing::TempDir() + "rate-table-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    options_.path = folder_ / "rate-table";
    options_.keys = 16;
  }
  ~RateTableTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  // A table under the clock of this test.
  std::unique_ptr<SharedRateTable> Open() {
    return SharedRateTable::Open(options_, [this] {
      if (stops_at_clock_) raise(SIGSTOP);
      return now_ms_;
    });
  }
  void Advance(std::chrono::milliseconds by) { now_ms_ += static_cast<uint64_t>(by.count()); }

  // How many visits `key` has left.
  static int AdmitAll(SharedRateTable& table, const RateKey& key, uint32_t visits) {
    int admitted = 0;
    while (Admit(table, key, visits).admitted) ++admitted;
    return admitted;
  }

  static RateKey KeyOf(const std::string& client) { return {.client = client, .page = kKey.page}; }

  // A process that does `work` and ends with what it returns; kFailed where it throws. Gone with this one.
  static pid_t Start(const std::function<int()>& work) {
    const pid_t child = fork();
    if (child != 0) return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int status = kFailed;
    try {
      status = work();
    } catch (...) {
      status = kFailed;
    }
    _exit(status);
  }
  static int StatusOf(pid_t child) {
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return status;
  }
  static int ExitOf(pid_t child) {
    const int status = StatusOf(child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : kFailed;
  }

  std::filesystem::path folder_;
  SharedRateTable::Options options_;
  uint64_t now_ms_ = 1'000'000;
  bool stops_at_clock_ = false;  // in the critical section: the clock is read with the bucket locked
};

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_UNIT_RATE_TABLE_FIXTURE_H_
