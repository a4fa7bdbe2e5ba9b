#include "worker/ingest/address_keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include "tests/unit/temporary_folder.h"

namespace page_count {
namespace {

using std::chrono::days;
using ::testing::MatchesRegex;

class AddressKeeperTest : public testing::Test {
 protected:
  AddressKeeper Open(AddressKeeping keeping) {
    return AddressKeeper({keeping, day_keys_, countries_}, [this] { return now_; });
  }
  static Visit VisitFrom(const std::string& ip, const std::string& agent = "agent") {
    return {*TrackedUrl::Parse("https://h/"), ip, agent};
  }
  static std::string Kept(AddressKeeper& keeper, const std::string& ip, const std::string& agent = "agent") {
    Visit visit = VisitFrom(ip, agent);
    keeper.Keep(visit);
    return visit.ip;
  }
  std::string Content() const {
    std::ifstream file(day_keys_, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  // Those of tor-geoipdb, with one network each.
  void WriteCountries(const std::string& country) {
    countries_ = folder_.File("countries");
    std::filesystem::create_directory(countries_);
    std::ofstream(countries_ + "/geoip.new") << "3221225984,3221226239," + country + "\n";  // 192.0.2.0/24
    std::filesystem::rename(countries_ + "/geoip.new", countries_ + "/geoip");
    std::ofstream(countries_ + "/geoip6") << "2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,FR\n";
  }

  TemporaryFolder folder_;
  std::string day_keys_ = folder_.File("day-keys");
  std::string countries_;
  UtcTime now_ = *ParseUtcTime("2026-03-01 12:00:00");
};

TEST_F(AddressKeeperTest, KeepsTheWholeAddressAndNeedsNoKey) {
  AddressKeeper keeper = Open(AddressKeeping::kWhole);
  Visit visit = VisitFrom("192.0.2.7");
  keeper.Keep(visit);
  keeper.Watch();
  EXPECT_EQ(visit.ip, "192.0.2.7");
  EXPECT_EQ(visit.whole_ip, "") << "it is the same";
  EXPECT_FALSE(std::filesystem::exists(day_keys_));
}

TEST_F(AddressKeeperTest, LeavesTheWholeAddressToTheRateLimit) {
  AddressKeeper keeper = Open(AddressKeeping::kCut);
  Visit visit = VisitFrom("192.0.2.7");
  keeper.Keep(visit);
  EXPECT_EQ(visit.ip, "192.0.2.0");
  EXPECT_EQ(visit.whole_ip, "192.0.2.7");
  EXPECT_FALSE(std::filesystem::exists(day_keys_));
}

TEST_F(AddressKeeperTest, HashesAlikeAllDayInEveryWorker) {
  AddressKeeper keeper = Open(AddressKeeping::kHashed);
  AddressKeeper other = Open(AddressKeeping::kHashed);
  const std::string kept = Kept(keeper, "192.0.2.7");
  EXPECT_THAT(kept, MatchesRegex("hash-[0-9a-f]{16}"));
  EXPECT_EQ(Kept(other, "192.0.2.7"), kept);
  EXPECT_NE(Kept(keeper, "192.0.2.8"), kept);
  EXPECT_NE(Kept(keeper, "192.0.2.7", "another agent"), kept);
  now_ += days(1);
  EXPECT_NE(Kept(keeper, "192.0.2.7"), kept);
  EXPECT_EQ(Kept(keeper, "192.0.2.7"), Kept(other, "192.0.2.7"));
}

TEST_F(AddressKeeperTest, ForgetsAKeyThoughNobodyVisits) {
  AddressKeeper keeper = Open(AddressKeeping::kHashed);
  const std::string first = Content();
  now_ += days(1);
  keeper.Watch();
  EXPECT_EQ(Content().find(first), 0U) << "for who asks before midnight and is answered after it";
  now_ += days(1);
  keeper.Watch();
  EXPECT_EQ(Content().find(first), std::string::npos);
  EXPECT_EQ(Content().size(), 2 * first.size());
}

TEST_F(AddressKeeperTest, DeletesTheKeysOnceNoneIsNeeded) {
  Open(AddressKeeping::kHashed);
  EXPECT_TRUE(std::filesystem::exists(day_keys_));
  Open(AddressKeeping::kCut);
  EXPECT_FALSE(std::filesystem::exists(day_keys_));
}

TEST_F(AddressKeeperTest, ThrowsIfThereCanBeNoKeyFromTheStart) {
  day_keys_ = folder_.File("missing/day-keys");
  EXPECT_THROW(Open(AddressKeeping::kHashed), std::system_error);
  AddressKeeper keeper = Open(AddressKeeping::kCut);
  EXPECT_EQ(Kept(keeper, "192.0.2.7"), "192.0.2.0") << "needs none";
}

TEST_F(AddressKeeperTest, HasAKeyOfItsOwnWhileTheFileCannotBeUsed) {
  AddressKeeper keeper = Open(AddressKeeping::kHashed);
  std::filesystem::remove(day_keys_);
  std::filesystem::create_directory(day_keys_);
  now_ += days(1);
  testing::internal::CaptureStderr();
  const std::string kept = Kept(keeper, "192.0.2.7");
  keeper.Watch();
  EXPECT_EQ(Kept(keeper, "192.0.2.7"), kept);
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
  EXPECT_NE(log.find(day_keys_), std::string::npos) << log;
  std::filesystem::remove(day_keys_);
  now_ += days(1);
  AddressKeeper other = Open(AddressKeeping::kHashed);
  EXPECT_EQ(Kept(keeper, "192.0.2.7"), Kept(other, "192.0.2.7")) << "the next day it is tried again";
}

TEST_F(AddressKeeperTest, SaysTheCountryOfWhatItHashes) {
  WriteCountries("DE");
  AddressKeeper keeper = Open(AddressKeeping::kHashed);
  EXPECT_THAT(Kept(keeper, "192.0.2.7"), MatchesRegex("hash-DE-[0-9a-f]{16}"));
  EXPECT_THAT(Kept(keeper, "2001:db8::7"), MatchesRegex("hash-FR-[0-9a-f]{16}"));
  EXPECT_THAT(Kept(keeper, "198.51.100.7"), MatchesRegex("hash-[0-9a-f]{16}"));
  WriteCountries("CH");
  keeper.Watch();
  EXPECT_THAT(Kept(keeper, "192.0.2.7"), MatchesRegex("hash-CH-[0-9a-f]{16}"));
  std::filesystem::remove_all(countries_);
  keeper.Watch();
  EXPECT_THAT(Kept(keeper, "192.0.2.7"), MatchesRegex("hash-[0-9a-f]{16}"));
}

}  // namespace
}  // namespace page_count
