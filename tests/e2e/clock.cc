#include "tests/e2e/clock.h"

#include <array>
#include <ctime>
#include <regex>

namespace page_count::e2e {
namespace {

std::string Format(Clock::time_point time, const char* format) {
  const std::time_t seconds = Clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

}  // namespace

std::string TimeText(Clock::time_point time, char separator) {
  return Format(time, separator == 'T' ? "%Y-%m-%dT%H:%M:%S" : "%Y-%m-%d %H:%M:%S");
}

std::string DayText(Clock::time_point time) { return Format(time, "%Y-%m-%d"); }

std::string HourText(Clock::time_point time) { return Format(time, "%Y-%m-%d %H:00:00"); }

bool IsTimeText(std::string_view text, char separator) {
  static const std::regex kSpaced(R"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)");
  static const std::regex kJoined(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)");
  return std::regex_match(std::string(text), separator == 'T' ? kJoined : kSpaced);
}

Clock::time_point ParseTime(std::string_view text) {
  std::string spaced(text);
  if (spaced.size() > 10) spaced[10] = ' ';
  std::tm parts{};
  if (strptime(spaced.c_str(), "%Y-%m-%d %H:%M:%S", &parts) == nullptr) return {};
  return Clock::from_time_t(timegm(&parts));
}

bool IsNow(std::string_view text) {
  const auto away = Clock::now() - ParseTime(text);
  return away > std::chrono::seconds(-5) && away < std::chrono::seconds(5);
}

}  // namespace page_count::e2e
