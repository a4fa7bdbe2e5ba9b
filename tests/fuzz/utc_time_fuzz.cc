// Any bytes are a time between 1970 and 9999 or nothing, for both parsers, and a time that was read is read again from
// each of its spellings.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "worker/visits/utc_time.h"

using page_count::ParseForeignTime;
using page_count::ParseUtcTime;
using page_count::UtcTime;

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::optional<UtcTime> foreign = ParseForeignTime(text);
  Require(!foreign || (*foreign >= UtcTime() && *foreign < std::chrono::sys_days(std::chrono::year(10000) / 1 / 1)));
  const std::optional<UtcTime> time = ParseUtcTime(text);
  if (!time) return 0;
  Require(*time >= UtcTime() && *time < std::chrono::sys_days(std::chrono::year(10000) / 1 / 1));

  const UtcTime second = std::chrono::floor<std::chrono::seconds>(*time);
  Require(ParseUtcTime(page_count::FormatIso(*time)) == second);
  Require(ParseUtcTime(page_count::FormatSpaced(*time)) == second);
  Require(ParseUtcTime(page_count::FormatHour(*time)) == std::chrono::floor<std::chrono::hours>(*time));
  return 0;
}
