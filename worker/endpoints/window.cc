#include "worker/endpoints/window.h"

namespace page_count {
namespace {

constexpr int64_t kDefaultHours = 24;
constexpr int64_t kMaxHours = 87'600;  // ten years

}  // namespace

Result<UtcTime, InvalidInput> ReadWindowStart(const QueryString& query, UtcTime now) {
  const auto hours = query.ReadInteger("hours", 1, kMaxHours);
  if (!hours) return hours.error();
  return UtcTime(std::chrono::floor<std::chrono::seconds>(now)) - std::chrono::hours(hours->value_or(kDefaultHours));
}

}  // namespace page_count
