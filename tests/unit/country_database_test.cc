#include "worker/attributes/country_database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/unit/mmdb_file.h"
#include "tests/unit/temporary_folder.h"

namespace page_count {
namespace {

using testing::HasSubstr;

const std::string kIpv4InIpv6(96, '0');
const std::string k192_0_2 = "110000000000000000000010";           // 192.0.2.0/24
const std::string k198_51_100 = "110001100011001101100100";        // 198.51.100.0/24
const std::string k203_0_113 = "110010110000000001110001";         // 203.0.113.0/24
const std::string k2001_db8 = "00100000000000010000110110111000";  // 2001:db8::/32

std::string Country(std::string_view key, std::string_view code) {
  return MmdbMap({{key, MmdbMap({{"iso_code", MmdbText(code)}})}});
}

std::string Read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void Write(const std::string& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

// What the exception says.
std::string WhyNotOpened(const std::string& path) {
  try {
    CountryDatabase::Open(path);
  } catch (const CountryDatabaseError& error) {
    return error.what();
  }
  return "";
}

class CountryDatabaseTest : public testing::Test {
 protected:
  TemporaryFolder folder_;
  std::string file_ = folder_.File("countries.mmdb");
};

TEST_F(CountryDatabaseTest, ReadsCountriesFromAnMmdbFile) {
  MmdbFile mmdb(6, "GeoLite2-Country");
  mmdb.Add(kIpv4InIpv6 + k192_0_2, Country("country", "DE"));
  mmdb.Add(kIpv4InIpv6 + k198_51_100, Country("registered_country", "FR"));
  mmdb.Add(kIpv4InIpv6 + k203_0_113, MmdbMap({{"country_code", MmdbText("JP")}}));
  mmdb.Add(k2001_db8, Country("country", "CH"));
  mmdb.Write(file_);

  const auto countries = CountryDatabase::Open(file_);
  EXPECT_EQ(countries->type(), "GeoLite2-Country");
  EXPECT_EQ(countries->date(), "2026-11-24");
  EXPECT_EQ(countries->CountryOf("192.0.2.255"), "DE");
  EXPECT_EQ(countries->CountryOf("::ffff:192.0.2.1"), "DE");
  EXPECT_EQ(countries->CountryOf("198.51.100.7"), "FR") << "where it is registered";
  EXPECT_EQ(countries->CountryOf("203.0.113.7"), "JP") << "a file of other makers";
  EXPECT_EQ(countries->CountryOf("2001:db8::1"), "CH");
  for (const char* unknown : {"192.0.3.0", "2001:db9::", "", "unknown", "192.0.2"}) {
    EXPECT_EQ(countries->CountryOf(unknown), "") << unknown;
  }
}

TEST_F(CountryDatabaseTest, PrefersTheCountryThatAnAddressIsUsedIn) {
  MmdbFile mmdb(4, "Test-City");
  mmdb.Add(k192_0_2, MmdbMap({{"registered_country", MmdbMap({{"iso_code", MmdbText("US")}})},
                              {"country", MmdbMap({{"iso_code", MmdbText("DE")}})}}));
  mmdb.Add(k198_51_100, Country("country", "d\"e"));
  mmdb.Write(file_);

  const auto countries = CountryDatabase::Open(file_);
  EXPECT_EQ(countries->CountryOf("192.0.2.1"), "DE");
  EXPECT_EQ(countries->CountryOf("198.51.100.1"), "") << "no code of a country";
  EXPECT_EQ(countries->CountryOf("2001:db8::1"), "") << "a file of IPv4";
}

TEST_F(CountryDatabaseTest, SaysWhatIsWrongWithAFile) {
  EXPECT_THAT(WhyNotOpened(file_), HasSubstr("cannot open the country database " + file_ + ": give the path of"));

  Write(file_, "<html>Please log in</html>");
  EXPECT_THAT(WhyNotOpened(file_), HasSubstr("is no .mmdb file or is damaged"));

  MmdbFile networks(6, "GeoLite2-ASN");
  networks.Add(k2001_db8, MmdbMap({{"autonomous_system_organization", MmdbText("Example")}}));
  networks.Write(file_);
  EXPECT_THAT(WhyNotOpened(file_), HasSubstr("(GeoLite2-ASN) knows no countries: give one of countries or cities"));

  MmdbFile mmdb(6, "GeoLite2-Country");
  mmdb.Add(k2001_db8, Country("country", "CH"));
  mmdb.Write(file_);
  EXPECT_EQ(WhyNotOpened(file_), "");
  const std::string whole = Read(file_);
  for (size_t size = 0; size < whole.size(); ++size) {
    Write(file_, whole.substr(0, size));
    EXPECT_THAT(WhyNotOpened(file_), HasSubstr("damaged")) << size << " bytes of " << whole.size();
  }
}

TEST_F(CountryDatabaseTest, HasNoDateThatNoCalendarHas) {
  for (const auto& [made_s, date] : {std::pair(uint64_t{253'402'300'799}, "9999-12-31"),
                                     std::pair(uint64_t{253'402'300'800}, ""), std::pair(~uint64_t{0}, "")}) {
    MmdbFile mmdb(6, "GeoLite2-Country", made_s);
    mmdb.Add(k2001_db8, Country("country", "CH"));
    mmdb.Write(file_);
    EXPECT_EQ(CountryDatabase::Open(file_)->date(), date);
  }
}

// Whatever is in the file: never a crash.
TEST_F(CountryDatabaseTest, OutlivesAnyDamageToAFile) {
  MmdbFile mmdb(6, "GeoLite2-Country");
  mmdb.Add(k2001_db8, Country("country", "CH"));
  mmdb.Write(file_);
  const std::string whole = Read(file_);
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(~damaged[i]);
    Write(file_, damaged);
    try {
      const auto countries = CountryDatabase::Open(file_);
      EXPECT_LE(countries->CountryOf("2001:db8::1").size(), 2U);
    } catch (const CountryDatabaseError&) {
      continue;
    }
  }
}

TEST_F(CountryDatabaseTest, ReadsCountriesFromTheFilesOfTorGeoipdb) {
  Write(folder_.File("geoip"),
        "# This file has been converted\n#\n# Generated: Thu, 05 Nov 2026 04:33:59 GMT\n\n"
        "3405803776,3405804031,JP\n3221225984,3221226239,DE\n3221226240,3221226300,??\n");
  Write(folder_.File("geoip6"), "# IPv6\n2001:db8:8000::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,CH\n");

  const auto countries = CountryDatabase::Open(folder_.File(""));
  EXPECT_EQ(countries->type(), "tor-geoipdb");
  EXPECT_EQ(countries->date(), "2026-11-05");
  EXPECT_EQ(countries->CountryOf("192.0.2.0"), "DE");
  EXPECT_EQ(countries->CountryOf("192.0.2.255"), "DE");
  EXPECT_EQ(countries->CountryOf("203.0.113.1"), "JP");
  EXPECT_EQ(countries->CountryOf("::ffff:203.0.113.1"), "JP");
  EXPECT_EQ(countries->CountryOf("2001:db8:8000::"), "CH");
  EXPECT_EQ(countries->CountryOf("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"), "CH");
  for (const char* unknown : {"192.0.1.255", "192.0.3.0", "0.0.0.0", "255.255.255.255",
                              "2001:db8:7fff::", "2001:db9::", "::", "", "unknown"}) {
    EXPECT_EQ(countries->CountryOf(unknown), "") << unknown;
  }
}

TEST_F(CountryDatabaseTest, SaysWhatIsWrongWithTheFilesOfTorGeoipdb) {
  const std::string path = folder_.File("");
  EXPECT_THAT(WhyNotOpened(path), HasSubstr("cannot read " + folder_.File("geoip") + ": a folder of countries has"));
  for (const char* line : {"1,2", "1,2,DEU", "2,1,DE", "4294967296,4294967297,DE", "1, 2,DE", "::,::1,DE", "DE"}) {
    Write(folder_.File("geoip"), "# tor's\n" + std::string(line) + "\n");
    EXPECT_THAT(WhyNotOpened(path), HasSubstr("geoip, line 2: is not \"first,last,country\"")) << line;
  }
  Write(folder_.File("geoip"), "# nothing\n");
  EXPECT_THAT(WhyNotOpened(path), HasSubstr("knows no countries"));
  Write(folder_.File("geoip"), "1,2,DE\n");
  EXPECT_THAT(WhyNotOpened(path), HasSubstr("cannot read " + folder_.File("geoip6")));
}

}  // namespace
}  // namespace page_count
