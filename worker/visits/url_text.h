// The bytes of a page's address: which are refused, and how those that are not are spelled in canonical form. Browsers
// send some raw that RFC 3986 has no place for.
//
// Knows nothing of hosts or ports. Pure functions, any thread, linear in the text's length. Reads bytes from strangers.
#ifndef PAGE_COUNT_VISITS_URL_TEXT_H_
#define PAGE_COUNT_VISITS_URL_TEXT_H_

#include <string>
#include <string_view>

namespace page_count {

// Why the text, which has no fragment, is refused, fit to be shown to the client; nullptr if it is not: it is then
// valid UTF-8 without raw white space or control characters, and a backslash comes only after the first '?'. What is
// percent-encoded is not judged.
[[nodiscard]] const char* FaultOfUrlText(std::string_view text);

// Whether there is no fault, nothing percent-encoded or to be so, no bracket and no fragment: printable ASCII that
// means itself.
[[nodiscard]] bool IsPlainUrlText(std::string_view text);

void AppendPercentEncoded(char byte, std::string& to);

// An authority with all that RFC 3986 does not allow percent-encoded; brackets stay.
[[nodiscard]] std::string EscapedAuthority(std::string_view text);

// A path or query with percent-encoding normalised (RFC 3986, 6.2.2) and all that RFC 3986 does not allow encoded,
// square brackets too. A '%' that no two hex digits follow becomes %25.
[[nodiscard]] std::string NormalizedUrlText(std::string_view text);

// RFC 3986, 5.2.4, of a path that is empty or starts with '/'. An empty one becomes '/'.
[[nodiscard]] std::string WithoutDotSegments(std::string_view path);

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_URL_TEXT_H_
