#include "worker/system/day_key_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "tests/unit/temporary_folder.h"

namespace page_count {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr sys_days kDay = sys_days(days(20'784));

class DayKeyFileTest : public testing::Test {
 protected:
  HashKey KeyOf(sys_days day) const { return DayKeyFile(path_).KeyOf(day); }

  std::string Content() const {
    std::ifstream file(path_, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  bool HasOnDisk(const HashKey& key) const {
    return Content().find(std::string(key.begin(), key.end())) != std::string::npos;
  }
  void Overwrite(const std::string& content) const { std::ofstream(path_, std::ios::binary) << content; }

  // Starts a process that waits for the end of `gate` and writes the key that it gets into `keys`.
  pid_t StartReader(const std::array<int, 2>& gate, int keys) const {
    const pid_t child = fork();
    if (child != 0) return child;
    close(gate[1]);
    char byte = 0;
    if (read(gate[0], &byte, 1) != 0) _exit(1);
    try {
      const HashKey key = KeyOf(kDay);
      _exit(write(keys, key.data(), key.size()) == static_cast<ssize_t>(key.size()) ? 0 : 1);
    } catch (...) {
      _exit(1);
    }
  }

  TemporaryFolder folder_;
  std::string path_ = folder_.File("day-keys");
};

TEST_F(DayKeyFileTest, HasOneKeyADay) {
  DayKeyFile file(path_);
  const HashKey key = file.KeyOf(kDay);
  EXPECT_EQ(file.KeyOf(kDay), key);
  EXPECT_EQ(KeyOf(kDay), key) << "of another process";
  EXPECT_NE(file.KeyOf(kDay + days(1)), key);
  EXPECT_NE(key, HashKey{});
}

TEST_F(DayKeyFileTest, KeepsYesterdaysKeyAndNoOlderOne) {
  const HashKey first = KeyOf(kDay);
  const HashKey second = KeyOf(kDay + days(1));
  EXPECT_TRUE(HasOnDisk(first));
  EXPECT_EQ(KeyOf(kDay), first) << "asked for before midnight, answered after it";
  const HashKey third = KeyOf(kDay + days(2));
  EXPECT_FALSE(HasOnDisk(first));
  EXPECT_TRUE(HasOnDisk(second));
  EXPECT_TRUE(HasOnDisk(third));
  EXPECT_NE(KeyOf(kDay + days(10)), third);
  EXPECT_FALSE(HasOnDisk(second));
  EXPECT_FALSE(HasOnDisk(third));
}

TEST_F(DayKeyFileTest, ForgetsOldKeysInMemoryToo) {
  DayKeyFile file(path_);
  const HashKey first = file.KeyOf(kDay);
  static_cast<void>(file.KeyOf(kDay + days(1)));
  static_cast<void>(file.KeyOf(kDay + days(2)));
  EXPECT_NE(file.KeyOf(kDay), first);
}

TEST_F(DayKeyFileTest, ReadsAKeyThatAnotherProcessMadeMeanwhile) {
  DayKeyFile file(path_);
  static_cast<void>(file.KeyOf(kDay));
  const HashKey tomorrow = KeyOf(kDay + days(1));
  EXPECT_EQ(file.KeyOf(kDay + days(1)), tomorrow);
}

TEST_F(DayKeyFileTest, TakesAClockThatIsPutBack) {
  const HashKey ahead = KeyOf(kDay + days(100));
  const HashKey key = KeyOf(kDay);
  EXPECT_FALSE(HasOnDisk(ahead));
  const HashKey before = KeyOf(kDay - days(1));
  EXPECT_EQ(KeyOf(kDay), key);
  EXPECT_EQ(KeyOf(kDay - days(1)), before);
}

TEST_F(DayKeyFileTest, IsForItsOwnerAlone) {
  const mode_t mask = umask(0);
  static_cast<void>(KeyOf(kDay));
  umask(mask);
  struct stat status = {};
  ASSERT_EQ(stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(DayKeyFileTest, IsMadeAnewWhereItIsDamaged) {
  const HashKey key = KeyOf(kDay);
  const std::string whole = Content();
  for (const std::string& damaged :
       {std::string(), whole.substr(1), whole + "x", std::string(whole.size(), '\0'),
        whole.substr(0, whole.size() - key.size()) + std::string(key.size(), '\0'), std::string(1'000, 'x')}) {
    Overwrite(damaged);
    const HashKey other = KeyOf(kDay);
    EXPECT_NE(other, key);
    EXPECT_NE(other, HashKey{});
    EXPECT_EQ(KeyOf(kDay), other);
    EXPECT_EQ(Content().size(), whole.size());
  }
}

TEST_F(DayKeyFileTest, IsMadeThoughAProcessDiedMakingIt) {
  std::ofstream(path_ + ".partial") << "a part";
  const HashKey key = KeyOf(kDay);
  EXPECT_EQ(KeyOf(kDay), key);
  EXPECT_FALSE(std::filesystem::exists(path_ + ".partial"));
}

TEST_F(DayKeyFileTest, IsSharedByProcessesThatMakeItAtOnce) {
  constexpr int kRounds = 20;
  constexpr size_t kProcesses = 8;
  for (int round = 0; round < kRounds; ++round) {
    std::array<int, 2> gate = {};
    std::array<int, 2> keys = {};
    ASSERT_EQ(pipe2(gate.data(), O_CLOEXEC), 0);
    ASSERT_EQ(pipe2(keys.data(), O_CLOEXEC), 0);
    std::vector<pid_t> readers;
    for (size_t i = 0; i < kProcesses; ++i) readers.push_back(StartReader(gate, keys[1]));
    close(gate[0]);
    close(gate[1]);  // which lets them go
    close(keys[1]);
    std::set<HashKey> seen;
    HashKey key;
    size_t count = 0;
    for (; read(keys[0], key.data(), key.size()) == static_cast<ssize_t>(key.size()); ++count) seen.insert(key);
    close(keys[0]);
    for (const pid_t reader : readers) EXPECT_EQ(waitpid(reader, nullptr, 0), reader);
    EXPECT_EQ(count, kProcesses);
    EXPECT_EQ(seen.size(), 1U);
    std::filesystem::remove(path_);
  }
}

TEST_F(DayKeyFileTest, SaysWhichFileItCannotUse) {
  const auto fault = [](const std::string& path) -> std::string {
    try {
      static_cast<void>(DayKeyFile(path).KeyOf(kDay));
    } catch (const std::system_error& error) {
      return error.what();
    }
    return "none";
  };
  const std::string missing = folder_.File("missing/day-keys");
  EXPECT_NE(fault(missing).find(missing), std::string::npos) << fault(missing);
  std::filesystem::create_directory(folder_.File("folder"));
  const std::string folder = folder_.File("folder");
  EXPECT_NE(fault(folder).find(folder), std::string::npos) << fault(folder);
}

}  // namespace
}  // namespace page_count
