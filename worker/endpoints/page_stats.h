// The figures of one page, which two paths return: /stats/<url> and /stats?url=<url>.
#ifndef PAGE_COUNT_ENDPOINTS_PAGE_STATS_H_
#define PAGE_COUNT_ENDPOINTS_PAGE_STATS_H_

#include <string_view>

#include "worker/endpoints/endpoints.h"
#include "worker/store/question.h"

namespace page_count {

// `url` is any spelling of the page, or of one that counts for it; one that cannot be tracked is 400.
EndpointResult PageStatsOf(std::string_view url, UtcTime window_start, Question::Bots bots, const Service& service);

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_PAGE_STATS_H_
