// The Link header of an answer that another one goes on after (RFC 8288).
//
// Pure, any thread; reads strangers' bytes.
#ifndef PAGE_COUNT_ENDPOINTS_NEXT_LINK_H_
#define PAGE_COUNT_ENDPOINTS_NEXT_LINK_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace page_count {

// <?after=ID&…>; rel="next" with the other parameters of the query as they are. It has no path, as a proxy may serve
// this one under another. Empty if it is longer than a header may be that any proxy passes on.
[[nodiscard]] std::string NextLink(std::string_view query, int64_t after);

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_NEXT_LINK_H_
