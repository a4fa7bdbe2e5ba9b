// A page's address in the one spelling under which its visits are counted.
//
// Canonical form is RFC 3986 6.2.2-6.2.3 without the fragment; a host is an A-label, an IPv6 host as in RFC 5952. Two
// spellings of one page make equal TrackedUrls. Immutable, any thread. Reads bytes from strangers: never throws on
// them. Parsing is uriparser's, IDNA is libidn2's.
#ifndef PAGE_COUNT_VISITS_TRACKED_URL_H_
#define PAGE_COUNT_VISITS_TRACKED_URL_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "worker/result.h"

namespace page_count {

// Why a text is no page's address; fit to be shown to the client.
struct UrlError {
  std::string message;
};

class TrackedUrl {
 public:
  static constexpr size_t kMaxBytes = 2048;  // of the text as sent

  [[nodiscard]] static Result<TrackedUrl, UrlError> Parse(std::string_view text);

  const std::string& text() const { return text_; }
  bool operator==(const TrackedUrl&) const = default;

 private:
  explicit TrackedUrl(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_TRACKED_URL_H_
