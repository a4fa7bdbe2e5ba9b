// Which page a visit counts for, and whether its site is counted at all: an operator's rules.
//
// What a rule takes off a URL is gone from every figure, so a campaign is read from the URL before the rules are
// applied. Immutable, any thread. Reads bytes from strangers: never throws on them.
#ifndef PAGE_COUNT_VISITS_PAGE_RULES_H_
#define PAGE_COUNT_VISITS_PAGE_RULES_H_

#include <string>
#include <vector>

#include "worker/base/result.h"
#include "worker/visits/parameter_names.h"
#include "worker/visits/site_list.h"
#include "worker/visits/tracked_url.h"

namespace page_count {

// What is wrong with the rules; fit to be shown to the operator.
struct PageRulesError {
  std::string message;
};

class PageRules {
 public:
  // The defaults leave each URL as it is and count all sites.
  struct Values {
    std::vector<std::string> strip_parameters;  // names as ParameterNames takes them
    bool strip_trailing_slash = false;          // "/a/" is "/a"; the "/" of the home page stays
    bool strip_index = false;                   // "/a/index.html" is "/a/"
    std::vector<std::string> sites;             // as SiteList takes them; empty: any
  };
  [[nodiscard]] static Result<PageRules, PageRulesError> Make(const Values& values);

  // The page that a visit to `url` counts for. Of that page it is the page itself.
  TrackedUrl Apply(TrackedUrl url) const;
  bool Counts(const TrackedUrl& url) const { return sites_.Has(url); }

 private:
  PageRules(const Values& values, ParameterNames parameters, SiteList sites);

  ParameterNames parameters_;
  SiteList sites_;
  bool strip_trailing_slash_;
  bool strip_index_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_PAGE_RULES_H_
