#include "worker/visits/tracked_url.h"

#include <uriparser/Uri.h>

#include <algorithm>
#include <charconv>
#include <new>
#include <optional>
#include <utility>

#include "worker/base/ascii.h"
#include "worker/visits/url_host.h"
#include "worker/visits/url_text.h"

namespace page_count {
namespace {

constexpr const char* kEmpty = "URL is empty; give a page's address, like https://example.com/page";
constexpr const char* kTooLong = "URL is longer than 8,192 bytes in canonical form; give a shorter one";
constexpr const char* kScheme = "URL has to start with http:// or https://";
constexpr const char* kCredentials = "URL has credentials before its host; leave them and the @ out";
constexpr const char* kNoHost = "URL has no host; write one after http:// or https://, like example.com";
constexpr const char* kHost =
    "URL has a host that is no domain name or IP address; write it as browsers do, like example.com, "
    "xn--bcher-kva.example or [2001:db8::1]";
constexpr const char* kAuthority = "URL has a host or port that cannot be read; write them like example.com:8080";
constexpr const char* kPort = "URL has a port above 65,535; give a lower one or none";

struct Scheme {
  std::string_view prefix;
  std::string_view default_port;
};
constexpr Scheme kHttp = {"http://", "80"};
constexpr Scheme kHttps = {"https://", "443"};

std::string_view View(const UriTextRangeA& range) {
  if (range.first == nullptr) return {};
  return {range.first, static_cast<size_t>(range.afterLast - range.first)};
}

// uriparser's view of a URL as far as its port; the text has to outlive it.
class ParsedUri {
 public:
  ParsedUri() = default;
  ~ParsedUri() { uriFreeUriMembersA(&uri_); }
  ParsedUri(const ParsedUri&) = delete;
  ParsedUri& operator=(const ParsedUri&) = delete;

  [[nodiscard]] bool Parse(std::string_view text) {
    const char* error_position = nullptr;
    const int status = uriParseSingleUriExA(&uri_, text.data(), text.data() + text.size(), &error_position);
    if (status == URI_ERROR_MALLOC) throw std::bad_alloc();
    return status == URI_SUCCESS;
  }

  const UriUriA& parts() const { return uri_; }

 private:
  UriUriA uri_{};
};

const Scheme* SchemeOf(std::string_view text) {
  if (StartsWithIgnoringCase(text, kHttps.prefix)) return &kHttps;
  if (StartsWithIgnoringCase(text, kHttp.prefix)) return &kHttp;
  return nullptr;
}

std::optional<std::string> CanonicalHost(const UriUriA& uri) {
  if (uri.hostData.ipFuture.first != nullptr) return std::nullopt;
  if (uri.hostData.ip6 != nullptr) return CanonicalIpv6Host(uri.hostData.ip6->data);
  return CanonicalHostName(View(uri.hostText));
}

// `digits` without leading zeros. nullopt if it is above 65,535.
std::optional<std::string_view> CanonicalPort(std::string_view digits) {
  constexpr size_t kMaxDigits = 5;
  constexpr unsigned int kMaxPort = 65535;
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  if (digits.size() > kMaxDigits) return std::nullopt;
  unsigned int port = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (port > kMaxPort) return std::nullopt;
  return digits;
}

// Whether a text is in canonical form already, as most are: parsing would change nothing. No if in doubt, as
// with a port or a dot at the start of a segment.
bool IsPlainlyCanonical(std::string_view text) {
  if (text.size() > TrackedUrl::kMaxBytes) return false;
  if (!text.starts_with(kHttps.prefix) && !text.starts_with(kHttp.prefix)) return false;
  const std::string_view rest = text.substr(text.find("//") + 2);
  const size_t path = rest.find('/');
  return path != rest.npos && IsPlainHostName(rest.substr(0, path)) && IsPlainUrlText(rest.substr(path)) &&
         rest.find("/.", path) == rest.npos && rest.find("//", path) == rest.npos;
}

}  // namespace

Result<TrackedUrl, UrlError> TrackedUrl::Parse(std::string_view text) {
  if (text.empty()) return UrlError{kEmpty};
  if (IsPlainlyCanonical(text)) return TrackedUrl(std::string(text));
  text = text.substr(0, text.find('#'));
  if (const char* fault = FaultOfUrlText(text)) return UrlError{fault};
  const Scheme* scheme = SchemeOf(text);
  if (scheme == nullptr) return UrlError{kScheme};

  const size_t path_begin = std::min(text.find_first_of("/?", scheme->prefix.size()), text.size());
  const size_t path_end = std::min(text.find('?', path_begin), text.size());
  const std::string_view authority = text.substr(0, path_begin);
  if (authority.find('@') != std::string_view::npos) return UrlError{kCredentials};

  const std::string escaped = EscapedAuthority(authority);
  ParsedUri uri;
  if (!uri.Parse(escaped)) return UrlError{kAuthority};
  if (View(uri.parts().hostText).empty()) return UrlError{kNoHost};
  const std::optional<std::string> host = CanonicalHost(uri.parts());
  if (!host) return UrlError{kHost};
  const std::optional<std::string_view> port = CanonicalPort(View(uri.parts().portText));
  if (!port) return UrlError{kPort};

  std::string canonical(scheme->prefix);
  canonical += *host;
  if (!port->empty() && *port != scheme->default_port) {
    canonical += ':';
    canonical += *port;
  }
  canonical += WithoutDotSegments(NormalizedUrlText(text.substr(path_begin, path_end - path_begin)));
  if (path_end < text.size()) canonical += NormalizedUrlText(text.substr(path_end));
  if (canonical.size() > kMaxBytes) return UrlError{kTooLong};
  return TrackedUrl(std::move(canonical));
}

}  // namespace page_count
