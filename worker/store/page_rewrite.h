// How stored visits get other pages: what is asked for, and what comes of it.
//
// Plain values.
#ifndef PAGE_COUNT_STORE_PAGE_REWRITE_H_
#define PAGE_COUNT_STORE_PAGE_REWRITE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace page_count {

struct RewrittenPage {
  std::string url;          // of the page that visits count for
  std::string source = {};  // for visits of which none is known: what the old URL says of it, empty if nothing
};
// Of a page's URL. Of the URL that it returns it returns that URL again. Any thread.
using PageOf = std::function<RewrittenPage(const std::string& url)>;

struct PageRewrite {
  struct Move {
    std::string from;
    std::string to;
    int64_t visits = 0;
  };

  int64_t pages_before = 0;  // that have visits
  int64_t pages_after = 0;
  int64_t moved_pages = 0;
  int64_t moved_visits = 0;
  std::vector<Move> examples = {};  // some of the pages with the most visits, descending
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_PAGE_REWRITE_H_
