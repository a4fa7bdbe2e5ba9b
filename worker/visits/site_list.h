// The sites whose visits are counted: "example.com", and "*.example.org" for every host below example.org but not for
// example.org itself.
//
// Hosts are compared as TrackedUrl spells them, without ports and a dot at the end; a name may be written in any
// alphabet. Immutable, any thread.
#ifndef PAGE_COUNT_VISITS_SITE_LIST_H_
#define PAGE_COUNT_VISITS_SITE_LIST_H_

#include <string>
#include <string_view>
#include <vector>

#include "worker/base/result.h"
#include "worker/visits/tracked_url.h"

namespace page_count {

// What is wrong with a list of sites; fit to be shown to the operator.
struct SiteListError {
  std::string message;
};

class SiteList {
 public:
  // An empty list has every site.
  [[nodiscard]] static Result<SiteList, SiteListError> Make(const std::vector<std::string>& sites);

  bool Has(const TrackedUrl& page) const;

 private:
  SiteList() = default;

  std::vector<std::string> hosts_;     // sorted
  std::vector<std::string> suffixes_;  // with the dot: ".example.org"
};

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_SITE_LIST_H_
