#include "worker/visits/utc_time.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace page_count {
namespace {

using std::chrono::milliseconds;

// What the text reads as, in ISO with milliseconds; "nothing" where it is refused.
std::string Read(std::string_view text, std::optional<UtcTime> (*parse)(std::string_view) = ParseUtcTime) {
  const std::optional<UtcTime> time = parse(text);
  if (!time) return "nothing";
  const std::string thousands = std::to_string(1000 + time->time_since_epoch().count() % 1000);
  return FormatIso(*time) + '.' + thousands.substr(1);
}

void ExpectReadAs(const std::vector<std::string>& texts, const std::string& expected) {
  for (const std::string& text : texts) EXPECT_EQ(Read(text), expected) << '"' << text << '"';
}

TEST(UtcTimeTest, ReadsADayAsItsFirstMillisecond) {
  ExpectReadAs({"2025-09-14", "2025/09/14"}, "2025-09-14T00:00:00.000");
  ExpectReadAs({"2024-02-29"}, "2024-02-29T00:00:00.000");
  ExpectReadAs({"2000-02-29"}, "2000-02-29T00:00:00.000");
}

TEST(UtcTimeTest, ReadsADayAndATimeInEverySpelling) {
  ExpectReadAs({"2025-09-14 10:30:00", "2025-09-14T10:30:00", "2025-09-14T10:30", "2025-09-14 10:30",
                "2025/09/14 10:30:00", "2025/09/14T10:30Z", "2025-09-14 10:30:0"},
               "2025-09-14T10:30:00.000");
  ExpectReadAs({"2025-09-14 5:7:2", "2025-09-14T05:07:02Z", "2025-09-14 5:07:2.0"}, "2025-09-14T05:07:02.000");
  ExpectReadAs({"2025-12-31T23:59:59"}, "2025-12-31T23:59:59.000");
}

TEST(UtcTimeTest, CutsAFractionOffAfterTheMillisecond) {
  ExpectReadAs({"2025-09-14T10:30:00.25", "2025-09-14 10:30:00.250000Z", "2025-09-14 10:30:00.25099999999999999"},
               "2025-09-14T10:30:00.250");
  ExpectReadAs({"2025-09-14T10:30:00.9999999"}, "2025-09-14T10:30:00.999");
  ExpectReadAs({"2025-09-14T10:30:00.001"}, "2025-09-14T10:30:00.001");
}

TEST(UtcTimeTest, TakesTheOffsetOff) {
  ExpectReadAs({"2025-09-14T10:30:00+05:30", "2025-09-14T10:30+05:30", "2025-09-14T01:30:00-03:30",
                "2025-09-14T05:00:00+00:00", "2025-09-14T05:00:00-00:00"},
               "2025-09-14T05:00:00.000");
  ExpectReadAs({"2025-03-01T00:30:00.5+01:00"}, "2025-02-28T23:30:00.500");
  ExpectReadAs({"2025-12-31T23:59-23:59"}, "2026-01-01T23:58:00.000");
}

TEST(UtcTimeTest, ReadsAPlusThatArrivedAsASpace) {
  ExpectReadAs({"2025-09-14T10:30:00 05:30", "2025-09-14 10:30 05:30", "2025-09-14 10:30:00.0 05:30"},
               "2025-09-14T05:00:00.000");
}

TEST(UtcTimeTest, RefusesSpellingsThatTheContractDoesNotList) {
  ExpectReadAs({"2025-9-14", "2025-09-4", "2025/9/14 10:30:00", "2025-09-14t10:30:00", "2025-09-14T10:30:00z",
                "2025-09-14T10:30:00+0530", "2025-09-14T10:30:00+05"},
               "nothing");
}

TEST(UtcTimeTest, RefusesWhatDoesNotExist) {
  ExpectReadAs({"2025-02-30", "2025-02-29", "1900-02-29", "2025-04-31", "2025-13-01", "2025-00-01", "2025-01-00",
                "2025-01-32", "2025-09-14 24:00:00", "2025-09-14 10:60:00", "2025-09-14 10:30:60",
                "2025-09-14T10:30+24:00", "2025-09-14T10:30+05:60"},
               "nothing");
}

TEST(UtcTimeTest, RefusesYearsOutsideItsRange) {
  ExpectReadAs({"1969-12-31", "0000-01-01", "10000-01-01", "0001-01-01", "-2025-01-01", "99999-01-01",
                "1970-01-01T00:00+00:01", "9999-12-31T23:59:59.999-00:01"},
               "nothing");
  ExpectReadAs({"1970-01-01", "1970-01-01T00:01+00:01"}, "1970-01-01T00:00:00.000");
  ExpectReadAs({"9999-12-31T23:59:59.999"}, "9999-12-31T23:59:59.999");
}

TEST(UtcTimeTest, RefusesEverythingElse) {
  ExpectReadAs({"",
                " ",
                "now",
                "2025",
                "2025-09",
                "20250914",
                "25-09-14",
                "2025-09/14",
                "2025.09.14",
                "14-09-2025",
                "2025-009-14",
                "2025-09-014",
                " 2025-09-14",
                "2025-09-14 ",
                "2025-09-14Z",
                "2025-09-14T",
                "2025-09-14T10",
                "2025-09-14T10:",
                "2025-09-14T10:30:",
                "2025-09-14T10:30:00.",
                "2025-09-14T10:30:00,5",
                "2025-09-14T10:30.5",
                "2025-09-14  10:30",
                "2025-09-14T010:30",
                "2025-09-14T10:30:000",
                "2025-09-14T-1:30",
                "2025-09-14T10:30ZZ",
                "2025-09-14T10:30Z+00:00",
                "2025-09-14T10:30+5:30",
                "2025-09-14T10:30+05",
                "2025-09-14T10:30+053",
                "2025-09-14T10:30+05:300",
                "2025-09-14T10:30  05:30",
                "2025-09-14T10:30:00 UTC",
                "2025-09-14T10:30:00x",
                "2025-09-14T10:30:00 ",
                "2025-09-14x10:30",
                "+2025-09-14",
                std::string("2025-09-14\0", 11),
                "1757845800",
                "\xD9\xA2\xD9\xA0\xD9\xA2\xD9\xA5-09-14"},
               "nothing");
}

void ExpectForeignReadAs(const std::vector<std::string>& texts, const std::string& expected) {
  for (const std::string& text : texts) EXPECT_EQ(Read(text, ParseForeignTime), expected) << '"' << text << '"';
}

TEST(ForeignTimeTest, ReadsTheContractsSpellings) {
  ExpectForeignReadAs({"2025-09-14 10:30:00", "2025-09-14T10:30", "2025/09/14 10:30:00", "2025-09-14T10:30:00Z",
                       "2025-09-14T12:30:00+02:00"},
                      "2025-09-14T10:30:00.000");
  ExpectForeignReadAs({"2025-09-14"}, "2025-09-14T00:00:00.000");
}

TEST(ForeignTimeTest, ReadsWhatOtherProgramsWrite) {
  ExpectForeignReadAs({"2025-09-14 10:30:00+00", "2025-09-14 12:30:00+02", "2025-09-14 10:30:00+0000",
                       "2025-09-14T05:00:00-0530", "2025-09-14t10:30:00z", "2025-09-14 10:30:00 UTC",
                       "2025-09-14 12:30:00 +0200", "2025-09-14 12:30:00 +02:00", "2025-09-14 10:30-00"},
                      "2025-09-14T10:30:00.000");
  ExpectForeignReadAs({"2025-09-14 10:30:00.123456+00", "2025-09-14 10:30:00.123456 UTC", "2025-09-14 10:30:00,123",
                       "2025-09-14T10:30:00.123456z", "2025-09-14 08:30:00.123-02"},
                      "2025-09-14T10:30:00.123");
}

TEST(ForeignTimeTest, RefusesEverythingElse) {
  ExpectForeignReadAs(
      {"", "now", "2025-09-14 10:30:00+", "2025-09-14 10:30:00+2",
       "2025-09-14 10:30:00+02:", "2025-09-14 10:30:00+02:0", "2025-09-14 10:30:00+020", "2025-09-14 10:30:00+02000",
       "2025-09-14 10:30:00+24", "2025-09-14 10:30:00+0060", "2025-09-14 10:30:00 02:00", "2025-09-14 10:30:00 ",
       "2025-09-14 10:30:00  +02", "2025-09-14 10:30:00 UT", "2025-09-14 10:30:00 UTC+02", "2025-09-14 10:30:00 CET",
       "2025-09-14 10:30:00+00+00", "2025-02-30 10:30:00+00", "1757845800"},
      "nothing");
}

TEST(UtcTimeTest, PrintsToTheSecondCutOff) {
  const UtcTime time(milliseconds(1757845845999));
  EXPECT_EQ(FormatIso(time), "2025-09-14T10:30:45");
  EXPECT_EQ(FormatSpaced(time), "2025-09-14 10:30:45");
  EXPECT_EQ(FormatHour(time), "2025-09-14 10:00:00");
}

TEST(UtcTimeTest, PrintsTheEdgesOfItsRange) {
  EXPECT_EQ(FormatIso(UtcTime()), "1970-01-01T00:00:00");
  EXPECT_EQ(FormatSpaced(UtcTime(milliseconds(253402300799999))), "9999-12-31 23:59:59");
}

}  // namespace
}  // namespace page_count
