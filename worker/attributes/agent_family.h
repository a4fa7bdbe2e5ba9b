// Names the family of browsers or of operating systems that an agent belongs to: "Chrome", "Windows".
//
// By a list of patterns, of which the first that matches decides. The expression that takes a name out of the text is
// compiled when it is first needed: few of them ever are. Any thread.
#ifndef PAGE_COUNT_ATTRIBUTES_AGENT_FAMILY_H_
#define PAGE_COUNT_ATTRIBUTES_AGENT_FAMILY_H_

#include <re2/re2.h>

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "worker/attributes/agent_lists.h"
#include "worker/attributes/pattern_set.h"

namespace page_count {

class AgentFamily {
 public:
  // What the spans are of has to outlive this. Throws std::invalid_argument if a pattern is not in RE2's syntax.
  AgentFamily(std::span<const FamilyPattern> patterns, std::span<const FamilyAlias> aliases);

  // "" if no pattern matches.
  std::string Of(std::string_view agent) const;

 private:
  struct Capture {
    std::once_flag once;
    std::unique_ptr<re2::RE2> expression;
  };

  std::string Family(size_t index, std::string_view agent) const;

  std::span<const FamilyPattern> patterns_;
  std::span<const FamilyAlias> aliases_;
  PatternSet set_;
  mutable std::vector<Capture> captures_;  // one a pattern
};

}  // namespace page_count

#endif  // PAGE_COUNT_ATTRIBUTES_AGENT_FAMILY_H_
