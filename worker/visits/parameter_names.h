// Names of query parameters that say how a visitor came to a page, and not which page it is.
//
// Names are compared percent-decoded and without regard to the case of ASCII letters. Immutable, any thread. Reads
// bytes from strangers: never throws on them, n log m in a query's parameters and the list's names.
#ifndef PAGE_COUNT_VISITS_PARAMETER_NAMES_H_
#define PAGE_COUNT_VISITS_PARAMETER_NAMES_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/base/result.h"

namespace page_count {

// What is wrong with a list of names; fit to be shown to the operator.
struct ParameterNamesError {
  std::string message;
};

class ParameterNames {
 public:
  // "fbclid", or "utm_*" for all that start with "utm_".
  [[nodiscard]] static Result<ParameterNames, ParameterNamesError> Make(const std::vector<std::string>& names);

  bool empty() const { return names_.empty() && prefixes_.empty(); }
  // Of a name as a URL spells it.
  bool Has(std::string_view name) const;
  // A query, which comes without its '?', without these parameters; the others keep their order and spelling. nullopt
  // if no parameter is left of those that there were.
  std::optional<std::string> Without(std::string_view query) const;

 private:
  ParameterNames() = default;

  std::vector<std::string> names_;  // in lower case, sorted
  std::vector<std::string> prefixes_;
};

// What advertisers, mail services and social networks add to links: utm_*, gclid, fbclid and so on.
[[nodiscard]] std::vector<std::string> CampaignParameterNames();

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_PARAMETER_NAMES_H_
