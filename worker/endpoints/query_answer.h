// The answer of GET /query: what the store is asked for it, and how the figures are printed.
//
// Pure; any thread.
#ifndef PAGE_COUNT_ENDPOINTS_QUERY_ANSWER_H_
#define PAGE_COUNT_ENDPOINTS_QUERY_ANSWER_H_

#include <string>

#include "worker/endpoints/query_parameters.h"
#include "worker/store/question.h"

namespace page_count {

// All of it is asked together. `now` ends a range that has no end.
Inquiry QueryInquiry(const QueryParameters& parameters, UtcTime now);

std::string QueryJson(const QueryParameters& parameters, const Answers& answers, UtcTime now);
std::string QueryCsv(const QueryParameters& parameters, const Answers& answers, UtcTime now);

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_QUERY_ANSWER_H_
