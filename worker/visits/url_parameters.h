// The parameters of a URL's query or a form's body: name=value with & between them.
//
// Pure, any thread. Reads bytes from strangers.
#ifndef PAGE_COUNT_VISITS_URL_PARAMETERS_H_
#define PAGE_COUNT_VISITS_URL_PARAMETERS_H_

#include <algorithm>
#include <string_view>

namespace page_count {

// Calls `take(name, value)` for each, as they are spelled; the value is empty where there is no "=".
template <typename Take>
void ForEachParameter(std::string_view query, Take take) {
  for (size_t start = 0; start < query.size();) {
    const size_t end = std::min(query.find('&', start), query.size());
    const std::string_view pair = query.substr(start, end - start);
    const size_t equals = std::min(pair.find('='), pair.size());
    take(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
    start = end + 1;
  }
}

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_URL_PARAMETERS_H_
