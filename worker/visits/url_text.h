// The bytes of a page's address before anything is parsed: which are refused, and which are percent-encoded because
// browsers send them although RFC 3986 has no place for them.
//
// Knows nothing of hosts, ports or paths beyond where the authority ends. Pure functions, any thread. Reads bytes from
// strangers.
#ifndef PAGE_COUNT_VISITS_URL_TEXT_H_
#define PAGE_COUNT_VISITS_URL_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace page_count {

// Why the text is refused, fit to be shown to the client; nullptr where it is not: it is then valid UTF-8 without white
// space, control characters (percent-encoded ones neither) and backslashes, and each % has its two hex digits.
[[nodiscard]] const char* FaultOfUrlText(std::string_view text);

// Whether there is no fault, nothing percent-encoded or to be so, no bracket and no fragment: printable ASCII that
// means itself.
[[nodiscard]] bool IsPlainUrlText(std::string_view text);

// `text` with all that RFC 3986 does not allow percent-encoded. Square brackets are allowed before `authority_end`
// only.
[[nodiscard]] std::string EscapedUrlText(std::string_view text, size_t authority_end);

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_URL_TEXT_H_
