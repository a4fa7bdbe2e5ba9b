// How the contract prints figures: counts with separators, hours, user agents, recent visits.
#ifndef PAGE_COUNT_ENDPOINTS_FIGURES_H_
#define PAGE_COUNT_ENDPOINTS_FIGURES_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "worker/http/json.h"
#include "worker/store/statistics.h"

namespace page_count {

// 1234567 as "1,234,567"; of counts, which are never negative.
std::string WithSeparators(int64_t count);

// {hour: n}
void WriteMember(JsonWriter& json, std::string_view name, const HourCounts& counts);
// {user agent: n}
void WriteMember(JsonWriter& json, std::string_view name, const AgentCountList& counts);
// [{"ip", "user_agent", "timestamp"}]
void WriteMember(JsonWriter& json, std::string_view name, std::span<const LoggedVisit> visits);

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_FIGURES_H_
