#include "worker/visits/utc_time.h"

#include <cstddef>

namespace page_count {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int kFirstYear = 1970;
constexpr int kLastYear = 9999;

void AppendNumber(std::string& text, unsigned int value, size_t width) {
  text.append(width, '0');
  for (size_t at = text.size(); width > 0; --width, value /= 10) text[--at] = static_cast<char>('0' + value % 10);
}

std::string Format(UtcTime time, char between) {
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<seconds>(time - day));

  std::string text;
  text.reserve(sizeof("2025-09-14T10:30:00"));
  AppendNumber(text, static_cast<unsigned int>(static_cast<int>(date.year())), 4);
  text += '-';
  AppendNumber(text, static_cast<unsigned int>(date.month()), 2);
  text += '-';
  AppendNumber(text, static_cast<unsigned int>(date.day()), 2);
  text += between;
  AppendNumber(text, static_cast<unsigned int>(clock.hours().count()), 2);
  text += ':';
  AppendNumber(text, static_cast<unsigned int>(clock.minutes().count()), 2);
  text += ':';
  AppendNumber(text, static_cast<unsigned int>(clock.seconds().count()), 2);
  return text;
}

// Takes a text apart from its front. What does not fit is left where it is.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool AtEnd() const { return rest_.empty(); }

  // The next character if it is one of `characters`.
  std::optional<char> Take(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return std::nullopt;
    const char taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }

  std::optional<int> TakeNumber(size_t min_digits, size_t max_digits) {
    int number = 0;
    size_t digits = 0;
    for (; digits < max_digits; ++digits) {
      const std::optional<char> digit = Take("0123456789");
      if (!digit) break;
      number = number * 10 + (*digit - '0');
    }
    if (digits < min_digits) return std::nullopt;
    return number;
  }

  // As TakeNumber, and at most `max`.
  std::optional<int> TakeUpTo(int max, size_t min_digits) {
    const std::optional<int> number = TakeNumber(min_digits, 2);
    return number && *number <= max ? number : std::nullopt;
  }

 private:
  std::string_view rest_;
};

std::optional<std::chrono::sys_days> ReadDate(Reader& reader) {
  const std::optional<int> year = reader.TakeNumber(4, 4);
  const std::optional<char> separator = reader.Take("-/");
  const std::optional<int> month = reader.TakeNumber(2, 2);
  if (!year || !separator || !month || !reader.Take({&*separator, 1})) return std::nullopt;
  const std::optional<int> day = reader.TakeNumber(2, 2);
  if (!day || *year < kFirstYear) return std::nullopt;

  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned int>(*month)),
                                         std::chrono::day(static_cast<unsigned int>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

// What is below a millisecond is cut off.
std::optional<milliseconds> ReadFraction(Reader& reader) {
  std::optional<int> digit = reader.TakeNumber(1, 1);
  if (!digit) return std::nullopt;
  milliseconds fraction(0);
  for (int unit = 100; digit; unit /= 10, digit = reader.TakeNumber(1, 1)) fraction += milliseconds(*digit * unit);
  return fraction;
}

std::optional<milliseconds> ReadTimeOfDay(Reader& reader, std::string_view fraction_marks) {
  const std::optional<int> hour = reader.TakeUpTo(23, 1);
  if (!hour || !reader.Take(":")) return std::nullopt;
  const std::optional<int> minute = reader.TakeUpTo(59, 1);
  if (!minute) return std::nullopt;
  const milliseconds time = hours(*hour) + minutes(*minute);
  if (!reader.Take(":")) return time;

  const std::optional<int> second = reader.TakeUpTo(59, 1);
  if (!second) return std::nullopt;
  if (!reader.Take(fraction_marks)) return time + seconds(*second);
  const std::optional<milliseconds> fraction = ReadFraction(reader);
  if (!fraction) return std::nullopt;
  return time + seconds(*second) + *fraction;
}

// How far the written time is ahead of UTC. A + that was not percent-encoded arrives as a space.
std::optional<minutes> ReadOffset(Reader& reader) {
  if (reader.AtEnd() || reader.Take("Z")) return minutes(0);
  const std::optional<char> sign = reader.Take("+- ");
  const std::optional<int> hour = reader.TakeUpTo(23, 2);
  const std::optional<char> colon = reader.Take(":");
  const std::optional<int> minute = reader.TakeUpTo(59, 2);
  if (!sign || !hour || !colon || !minute) return std::nullopt;
  const minutes offset = hours(*hour) + minutes(*minute);
  return *sign == '-' ? -offset : offset;
}

// The same as other programs write it.
std::optional<minutes> ReadForeignOffset(Reader& reader) {
  if (reader.AtEnd() || reader.Take("Zz")) return minutes(0);
  if (reader.Take(" ") && reader.Take("U")) {
    return reader.Take("T") && reader.Take("C") ? std::optional(minutes(0)) : std::nullopt;
  }
  const std::optional<char> sign = reader.Take("+-");
  const std::optional<int> hour = reader.TakeUpTo(23, 2);
  if (!sign || !hour) return std::nullopt;
  std::optional<int> minute = 0;
  if (reader.Take(":") || !reader.AtEnd()) minute = reader.TakeUpTo(59, 2);
  if (!minute) return std::nullopt;
  const minutes offset = hours(*hour) + minutes(*minute);
  return *sign == '-' ? -offset : offset;
}

struct Spellings {
  std::string_view between;  // day and time
  std::string_view fraction_marks;
  std::optional<minutes> (*read_offset)(Reader& reader);
};

struct WrittenTime {
  std::chrono::sys_days day;
  milliseconds time_of_day{0};
  minutes offset{0};
};

std::optional<WrittenTime> ReadTime(std::string_view text, const Spellings& spellings) {
  Reader reader(text);
  const std::optional<std::chrono::sys_days> day = ReadDate(reader);
  if (!day) return std::nullopt;
  if (reader.AtEnd()) return WrittenTime{*day};
  if (!reader.Take(spellings.between)) return std::nullopt;

  const std::optional<milliseconds> time_of_day = ReadTimeOfDay(reader, spellings.fraction_marks);
  if (!time_of_day) return std::nullopt;
  const std::optional<minutes> offset = spellings.read_offset(reader);
  if (!offset || !reader.AtEnd()) return std::nullopt;
  return WrittenTime{*day, *time_of_day, *offset};
}

// The number in two digits; above 99 if they are none.
int TwoDigits(const char* text) {
  const auto tens = static_cast<unsigned char>(text[0] - '0');
  const auto units = static_cast<unsigned char>(text[1] - '0');
  return tens <= 9 && units <= 9 ? 10 * tens + units : 100;
}

// Reads what most are: 2025-09-14 10:30:00, 14 digits with one of `between` in their middle. nullopt for all else.
std::optional<UtcTime> ReadUsual(std::string_view text, std::string_view between) {
  if (text.size() != sizeof("2025-09-14 10:30:00") - 1) return std::nullopt;
  if (text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':') return std::nullopt;
  if (between.find(text[10]) == between.npos) return std::nullopt;
  const char* const at = text.data();
  const int century = TwoDigits(at);
  const int year = TwoDigits(at + 2);
  const int hour = TwoDigits(at + 11);
  const int minute = TwoDigits(at + 14);
  const int second = TwoDigits(at + 17);
  if (century > 99 || year > 99 || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(100 * century + year),
                                         std::chrono::month(static_cast<unsigned int>(TwoDigits(at + 5))),
                                         std::chrono::day(static_cast<unsigned int>(TwoDigits(at + 8))));
  if (!date.ok() || 100 * century + year < kFirstYear) return std::nullopt;
  return std::chrono::sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
}

std::optional<UtcTime> Parse(std::string_view text, const Spellings& spellings) {
  if (const auto usual = ReadUsual(text, spellings.between)) return usual;
  const std::optional<WrittenTime> written = ReadTime(text, spellings);
  if (!written) return std::nullopt;
  const UtcTime time = written->day + written->time_of_day - written->offset;
  const UtcTime end = std::chrono::sys_days(std::chrono::year(kLastYear + 1) / 1 / 1);
  if (time < UtcTime() || time >= end) return std::nullopt;
  return time;
}

constexpr Spellings kQueries = {"T ", ".", ReadOffset};
constexpr Spellings kFiles = {"Tt ", ".,", ReadForeignOffset};

}  // namespace

std::string FormatIso(UtcTime time) { return Format(time, 'T'); }

std::string FormatSpaced(UtcTime time) { return Format(time, ' '); }

std::string FormatHour(UtcTime time) { return Format(std::chrono::floor<hours>(time), ' '); }

std::optional<UtcTime> ParseUtcTime(std::string_view text) { return Parse(text, kQueries); }

std::optional<UtcTime> ParseForeignTime(std::string_view text) { return Parse(text, kFiles); }

std::optional<std::chrono::sys_days> ParseWrittenDay(std::string_view text) {
  const std::optional<WrittenTime> written = ReadTime(text, kQueries);
  if (!written) return std::nullopt;
  return written->day;
}

}  // namespace page_count
