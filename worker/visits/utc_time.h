// Points in time as the service knows them: UTC, to the millisecond, and their spellings in the HTTP contract.
//
// Not a clock: nothing here asks what time it is. Pure functions, any thread. Parse reads bytes from strangers and
// never throws on them. Covers years 1970 to 9999.
#ifndef PAGE_COUNT_VISITS_UTC_TIME_H_
#define PAGE_COUNT_VISITS_UTC_TIME_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace page_count {

using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

// "2025-09-14T10:30:00"; what is below a second is cut off.
std::string FormatIso(UtcTime time);
// "2025-09-14 10:30:00"
std::string FormatSpaced(UtcTime time);
// "2025-09-14 10:00:00", the start of the hour.
std::string FormatHour(UtcTime time);

// Reads the spellings that the contract lists for /all-visits (2025-09-14, 2025-09-14T10:30:00.25+05:30,
// 2025/09/14 10:30:00, 2025-09-14 5:7:2, ...). A day alone is its first millisecond. nullopt if the text is none of
// them, or names a day, hour, minute or second that does not exist.
std::optional<UtcTime> ParseUtcTime(std::string_view text);

// Reads those, and what other programs write into files and people on command lines: t and z in lower case, an offset
// of hours alone (+02, PostgreSQL's), without a colon (+0200) or after a space, UTC after a space, and a fraction after
// a comma. A space alone is no plus here.
std::optional<UtcTime> ParseForeignTime(std::string_view text);
// The day of such a text as it is written, whatever time of day and offset follow: of 2025-09-14T00:00:00+02:00 it is
// the 14th, though that moment is on the 13th in UTC.
std::optional<std::chrono::sys_days> ParseWrittenDay(std::string_view text);

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_UTC_TIME_H_
