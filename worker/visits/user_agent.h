// The User-Agent header as it is kept: UTF-8, at most 512 bytes, "unknown" if there is none.
//
// Pure function over strangers' bytes: what is not UTF-8 becomes U+FFFD, the cut is at a character's end.
#ifndef PAGE_COUNT_VISITS_USER_AGENT_H_
#define PAGE_COUNT_VISITS_USER_AGENT_H_

#include <string>
#include <string_view>

namespace page_count {

constexpr size_t kMaxUserAgentBytes = 512;

std::string CleanUserAgent(std::string_view header);

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_USER_AGENT_H_
