// A page's address in the one spelling under which its visits are counted.
//
// Canonical form is RFC 3986 6.2.2-6.2.3 without the fragment; an international host is in A-labels, an IPv6 host as in
// RFC 5952. Two spellings of one page make equal TrackedUrls. Whatever a browser has in location.href or sends as
// Referer is accepted, unless it has credentials or a host that DNS cannot hold. Immutable, any thread. Reads bytes
// from strangers: never throws on them. The authority is uriparser's to parse, the Unicode of IDNA is libunistring's.
#ifndef PAGE_COUNT_VISITS_TRACKED_URL_H_
#define PAGE_COUNT_VISITS_TRACKED_URL_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "worker/base/result.h"

namespace page_count {

// Why a text is no page's address; fit to be shown to the client.
struct UrlError {
  std::string message;
};

class TrackedUrl {
 public:
  static constexpr size_t kMaxBytes = 8192;  // of the canonical form

  [[nodiscard]] static Result<TrackedUrl, UrlError> Parse(std::string_view text);

  const std::string& text() const { return text_; }
  bool operator==(const TrackedUrl&) const = default;

 private:
  explicit TrackedUrl(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_TRACKED_URL_H_
