// Percent-encoding taken off a text (RFC 3986, 2.1).
//
// Pure function, any thread. Reads bytes from strangers: what comes out may be no UTF-8.
#ifndef PAGE_COUNT_VISITS_PERCENT_DECODE_H_
#define PAGE_COUNT_VISITS_PERCENT_DECODE_H_

#include <string>
#include <string_view>

namespace page_count {

// One level of it. A '%' that no two hex digits follow stays, and a plus is a plus.
[[nodiscard]] std::string PercentDecode(std::string_view text);

// As in a form's fields, where a plus is a blank.
[[nodiscard]] std::string DecodeFormField(std::string_view text);

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_PERCENT_DECODE_H_
