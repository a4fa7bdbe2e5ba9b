// What a client prefers, by its Accept header. Pure function, any thread.
#ifndef PAGE_COUNT_HTTP_MEDIA_TYPE_H_
#define PAGE_COUNT_HTTP_MEDIA_TYPE_H_

#include <string_view>

namespace page_count {

// Whether the first media range of `accept` is this one, as "text/html", or of this type, as "image/".
bool PrefersMediaType(std::string_view accept, std::string_view type);

}  // namespace page_count

#endif  // PAGE_COUNT_HTTP_MEDIA_TYPE_H_
