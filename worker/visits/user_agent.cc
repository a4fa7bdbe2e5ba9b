#include "worker/visits/user_agent.h"

#include <algorithm>

#include "worker/visits/utf8.h"

namespace page_count {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

}  // namespace

std::string CleanUserAgent(std::string_view header) {
  const bool is_ascii =
      std::all_of(header.begin(), header.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
  if (is_ascii && !header.empty()) return std::string(header.substr(0, kMaxUserAgentBytes));
  std::string clean;
  while (!header.empty()) {
    const size_t bytes = FirstUtf8Character(header).bytes;
    const std::string_view character = bytes > 0 ? header.substr(0, bytes) : kReplacement;
    if (clean.size() + character.size() > kMaxUserAgentBytes) break;
    clean.append(character);
    header.remove_prefix(bytes > 0 ? bytes : 1);
  }
  return clean.empty() ? "unknown" : clean;
}

}  // namespace page_count
