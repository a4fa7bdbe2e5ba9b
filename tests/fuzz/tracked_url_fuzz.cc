// Any bytes are a page's address or are refused with a reason. An address's canonical form is printable ASCII of at
// most 8,192 bytes, starts with its scheme, has no fragment, credentials or dot segments, and is its own canonical
// form; what stands in a fragment is never judged.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "worker/visits/tracked_url.h"

using page_count::TrackedUrl;

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

bool IsPrintableAscii(std::string_view text, char first) {
  return std::all_of(text.begin(), text.end(), [first](char c) { return c >= first && c <= '~'; });
}

void CheckCanonical(const std::string& canonical) {
  Require(IsPrintableAscii(canonical, '!'));
  Require(canonical.starts_with("http://") || canonical.starts_with("https://"));
  Require(canonical.size() <= TrackedUrl::kMaxBytes);
  Require(canonical.find_first_of("#\\\"<>^`{|}") == std::string::npos);
  for (size_t percent = canonical.find('%'); percent != std::string::npos; percent = canonical.find('%', percent + 1)) {
    Require(canonical.find_first_not_of("0123456789ABCDEF", percent + 1) >= std::min(percent + 3, canonical.size()));
    Require(percent + 2 < canonical.size());
  }

  const size_t host = canonical.find("//") + 2;
  const size_t path = canonical.find('/', host);
  Require(path != std::string::npos && path > host);
  Require(canonical.substr(host, path - host).find_first_of("@?") == std::string::npos);
  const std::string segments = canonical.substr(path, canonical.find('?') - path) + '/';
  Require(segments.find("/./") == std::string::npos && segments.find("/../") == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto url = TrackedUrl::Parse(text);
  if (!url) {
    Require(!url.error().message.empty() && IsPrintableAscii(url.error().message, ' '));
    return 0;
  }
  CheckCanonical(url->text());
  const auto again = TrackedUrl::Parse(url->text());
  Require(again.ok() && *again == *url);
  // A fragment has it parsed, whether or not it could be seen to be canonical without.
  const auto parsed = TrackedUrl::Parse(url->text() + '#' + std::string(text));
  Require(parsed.ok() && *parsed == *url);
  return 0;
}
