// A page's title as it is kept: valid UTF-8 on one line, at most 200 bytes. Empty if there is none.
//
// Pure function over strangers' bytes, any thread.
#ifndef PAGE_COUNT_VISITS_PAGE_TITLE_H_
#define PAGE_COUNT_VISITS_PAGE_TITLE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "worker/visits/utf8_text.h"

namespace page_count {

constexpr size_t kMaxPageTitleBytes = 200;

inline std::string CleanPageTitle(std::string_view title) { return CleanLine(title, kMaxPageTitleBytes); }

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_PAGE_TITLE_H_
