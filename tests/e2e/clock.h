#ifndef PAGE_COUNT_TESTS_E2E_CLOCK_H_
#define PAGE_COUNT_TESTS_E2E_CLOCK_H_

#include <chrono>
#include <string>
#include <string_view>

namespace page_count::e2e {

using Clock = std::chrono::system_clock;

// `YYYY-MM-DD HH:MM:SS`, UTC, with that character between day and time.
std::string TimeText(Clock::time_point time, char separator = ' ');
// `YYYY-MM-DD`, UTC.
std::string DayText(Clock::time_point time);
// `YYYY-MM-DD HH:00:00`: the key of an hour in a breakdown.
std::string HourText(Clock::time_point time);

// Whether it is such a text exactly.
bool IsTimeText(std::string_view text, char separator);
// Reads either separator; the epoch where the text is no time.
Clock::time_point ParseTime(std::string_view text);

// Whether the text is a time within five seconds of now.
bool IsNow(std::string_view text);

}  // namespace page_count::e2e

#endif  // PAGE_COUNT_TESTS_E2E_CLOCK_H_
