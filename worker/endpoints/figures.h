// How the contract prints figures: counts with separators, hours, user agents, recent visits.
#ifndef PAGE_COUNT_ENDPOINTS_FIGURES_H_
#define PAGE_COUNT_ENDPOINTS_FIGURES_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "worker/http/json.h"
#include "worker/store/question.h"

namespace page_count {

// 1234567 as "1,234,567"; of counts, which are never negative.
std::string WithSeparators(int64_t count);

// {"the last key of each row": n}, as hours and texts are printed.
void WriteMember(JsonWriter& json, std::string_view name, const Figures& figures, std::span<const Figures::Row> rows);
// [{"ip", "user_agent", "timestamp"}]
void WriteMember(JsonWriter& json, std::string_view name, std::span<const LoggedVisit> visits);

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_FIGURES_H_
