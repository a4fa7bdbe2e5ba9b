// How a SharedRateTable comes by its file.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

#include "tests/unit/rate_table_fixture.h"
#include "worker/limit/rate_table_file.h"
#include "worker/limit/shared_rate_table.h"

namespace page_count {
namespace {

namespace fs = std::filesystem;

class SharedRateTableOpenTest : public RateTableTest {
 protected:
  // True where a table opened now knows the visits of the one before.
  bool KeepsItsLogAfter(const std::function<void()>& change) {
    fs::remove_all(options_.path);
    options_.keys = 64;
    options_.visits_per_key = 20;
    EXPECT_TRUE(Admit(*Open(), kKey, 1).admitted);
    change();
    auto table = Open();
    const bool kept = !Admit(*table, kKey, 1).admitted;
    EXPECT_FALSE(Admit(*table, kKey, 1).admitted);
    return kept;
  }

  void FlipByte(size_t offset) {
    std::fstream file(options_.path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(static_cast<char>(byte ^ 1));
    ASSERT_TRUE(file.good());
  }

  void WriteFile(const std::string& bytes) { std::ofstream(options_.path, std::ios::binary) << bytes; }

  // Kilobytes of the table that count as this process's memory.
  long ResidentKilobytes() const {
    std::ifstream smaps("/proc/self/smaps");
    long sum = 0;
    bool ours = false;
    for (std::string line; std::getline(smaps, line);) {
      if (line.find('-') < line.find(' ')) ours = line.ends_with(options_.path);
      if (ours && line.starts_with("Rss:")) sum += std::stol(line.substr(4));
    }
    return sum;
  }
};

TEST_F(SharedRateTableOpenTest, TheLogOutlivesItsProcesses) {
  EXPECT_TRUE(KeepsItsLogAfter([] {}));
}

TEST_F(SharedRateTableOpenTest, AnotherWindowKeepsTheLog) {
  EXPECT_TRUE(KeepsItsLogAfter([&] { options_.window = std::chrono::minutes(2); }));
}

TEST_F(SharedRateTableOpenTest, ReplacesATableWithAnythingElseInItsIdentity) {
  for (size_t offset = 0; offset < sizeof(RateTableIdentity); ++offset) {
    EXPECT_FALSE(KeepsItsLogAfter([&] { FlipByte(offset); })) << "byte " << offset;
  }
}

TEST_F(SharedRateTableOpenTest, ReplacesATableOfAnotherBoot) {
  EXPECT_FALSE(KeepsItsLogAfter([&] { FlipByte(offsetof(RateTableIdentity, boot_id)); }));
}

TEST_F(SharedRateTableOpenTest, ReplacesATableOfOtherSizes) {
  EXPECT_FALSE(KeepsItsLogAfter([&] { options_.keys = 63; }));
  EXPECT_FALSE(KeepsItsLogAfter([&] { options_.keys = 128; }));
  EXPECT_FALSE(KeepsItsLogAfter([&] { options_.visits_per_key = 21; }));
}

TEST_F(SharedRateTableOpenTest, ReplacesATruncatedOrLongerFile) {
  for (const size_t bytes : {size_t{0}, size_t{1}, sizeof(RateTableIdentity), sizeof(RateTableHeader),
                             RateTableFile::kBucketsOffset, RateTableFile::kBucketsOffset + 5000, size_t{1'000'000}}) {
    EXPECT_FALSE(KeepsItsLogAfter([&] { fs::resize_file(options_.path, bytes); })) << bytes << " bytes";
  }
}

TEST_F(SharedRateTableOpenTest, ReplacesAForeignFileOfTheRightSize) {
  EXPECT_FALSE(KeepsItsLogAfter([&] { WriteFile(std::string(fs::file_size(options_.path), 'x')); }));
  EXPECT_FALSE(KeepsItsLogAfter([&] { WriteFile(std::string(fs::file_size(options_.path), '\0')); }));
}

TEST_F(SharedRateTableOpenTest, ReplacesALinkAndLeavesItsTargetAlone) {
  const fs::path target = folder_ / "target";
  std::ofstream(target) << "precious";
  fs::create_symlink(target, options_.path);
  EXPECT_EQ(AdmitAll(*Open(), kKey, 10), 10);
  EXPECT_FALSE(fs::is_symlink(options_.path));
  EXPECT_EQ(fs::file_size(target), 8U);
}

TEST_F(SharedRateTableOpenTest, WhoStillMapsAReplacedTableGoesOnWithIt) {
  auto old = Open();
  ASSERT_TRUE(Admit(*old, kKey, 2).admitted);
  options_.keys = 32;
  EXPECT_EQ(AdmitAll(*Open(), kKey, 2), 2);
  EXPECT_EQ(AdmitAll(*old, kKey, 2), 1);
}

TEST_F(SharedRateTableOpenTest, IsReadableByItsOwnerOnly) {
  const mode_t umask_before = umask(0);
  Open();
  umask(umask_before);
  EXPECT_EQ(fs::status(options_.path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(SharedRateTableOpenTest, AllocatesWhatItWillEverNeed) {
  Open();
  struct stat status = {};
  ASSERT_EQ(stat(options_.path.c_str(), &status), 0);
  EXPECT_GE(status.st_blocks * 512, status.st_size);
}

TEST_F(SharedRateTableOpenTest, AnOpenTableTakesNoMemoryBeforeItIsUsed) {
  options_.keys = 65'536;
  auto table = Open();
  EXPECT_LE(ResidentKilobytes(), 256);
  ASSERT_TRUE(Admit(*table, kKey, 1).admitted);
  EXPECT_GT(ResidentKilobytes(), 0);
}

TEST_F(SharedRateTableOpenTest, AFolderThatIsMissingIsAnError) {
  options_.path = folder_ / "missing" / "rate-table";
  EXPECT_THROW(Open(), std::system_error);
}

TEST_F(SharedRateTableOpenTest, AFolderInThePlaceOfTheFileIsAnErrorAndLeavesNothingBehind) {
  fs::create_directory(options_.path);
  EXPECT_THROW(Open(), std::system_error);
  EXPECT_FALSE(fs::exists(options_.path + ".new"));
}

TEST_F(SharedRateTableOpenTest, NoRoomForTheFileIsAnErrorNotASignalAndLeavesNothingBehind) {
  const pid_t child = Start([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit = {.rlim_cur = 4096, .rlim_max = 4096};
    setrlimit(RLIMIT_FSIZE, &limit);
    try {
      Open();
    } catch (const std::system_error& error) {
      return error.code().value();
    }
    return 0;
  });
  EXPECT_EQ(ExitOf(child), EFBIG);
  EXPECT_FALSE(fs::exists(options_.path));
  EXPECT_FALSE(fs::exists(options_.path + ".new"));
}

TEST_F(SharedRateTableOpenTest, RoomCanBeAskedForWithoutMakingATableOrReplacingOne) {
  RateTableFile::RequireRoom(options_.path, 64, 20);
  EXPECT_TRUE(fs::is_empty(folder_));
  options_.keys = 64;
  options_.visits_per_key = 20;
  const auto table = Open();
  EXPECT_TRUE(Admit(*table, kKey, 1).admitted);
  RateTableFile::RequireRoom(options_.path, 128, 20);
  EXPECT_FALSE(Admit(*Open(), kKey, 1).admitted) << "the table is the one before";
}

TEST_F(SharedRateTableOpenTest, RoomThatIsMissingIsAnError) {
  const pid_t child = Start([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit = {.rlim_cur = 4096, .rlim_max = 4096};
    setrlimit(RLIMIT_FSIZE, &limit);
    try {
      RateTableFile::RequireRoom(options_.path, 64, 20);
    } catch (const std::system_error& error) {
      return error.code().value();
    }
    return 0;
  });
  EXPECT_EQ(ExitOf(child), EFBIG);
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(SharedRateTableOpenTest, WhatOneThatDiedWhileMakingTheTableLeftIsNoObstacle) {
  std::ofstream(options_.path + ".new") << "half a table";
  std::ofstream(options_.path + ".lock") << "";
  EXPECT_EQ(AdmitAll(*Open(), kKey, 10), 10);
}

}  // namespace
}  // namespace page_count
