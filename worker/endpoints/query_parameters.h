// What GET /query is asked: which visits, by what, what is counted of them, and in which order.
//
// Plain values; reading them is pure.
#ifndef PAGE_COUNT_ENDPOINTS_QUERY_PARAMETERS_H_
#define PAGE_COUNT_ENDPOINTS_QUERY_PARAMETERS_H_

#include <optional>
#include <string>
#include <vector>

#include "worker/http/query_string.h"
#include "worker/store/question.h"

namespace page_count {

struct QueryParameters {
  enum class Format { kJson, kCsv };

  Question question;  // of the measures that are needed; by one dimension or none
  std::string by;     // its name; empty if there is none
  bool wants_visits = true;
  bool wants_visitors = true;
  bool compares = false;       // with the period before
  bool has_beginning = false;  // and not all that there is
  Format format = Format::kJson;

  // By intervals.
  bool is_series() const { return question.group_by == std::vector{Dimension::kInterval}; }
};

Result<QueryParameters, InvalidInput> ReadQueryParameters(const QueryString& query, UtcTime now);

// ?bots= of every private read: include, exclude or only.
Result<Question::Bots, InvalidInput> ReadBots(const QueryString& query);

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_QUERY_PARAMETERS_H_
