// A query parameter that is a time.
#ifndef PAGE_COUNT_ENDPOINTS_TIME_PARAMETER_H_
#define PAGE_COUNT_ENDPOINTS_TIME_PARAMETER_H_

#include <optional>
#include <string>
#include <string_view>

#include "worker/http/query_string.h"

namespace page_count {

// As `parse` reads it; nullopt if it is not given.
template <typename Time>
Result<std::optional<Time>, InvalidInput> ReadTime(const QueryString& query, std::string_view name,
                                                   std::optional<Time> (*parse)(std::string_view)) {
  const auto text = query.ReadText(name);
  if (!text) return text.error();
  if (!*text) return std::optional<Time>();
  const std::optional<Time> time = parse(**text);
  if (time) return time;
  return InvalidInput{{"query", std::string(name)},
                      "Input should be a time that exists, like 2025-09-14 10:30:00 or 2025-09-14",
                      "datetime_parsing"};
}

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_TIME_PARAMETER_H_
