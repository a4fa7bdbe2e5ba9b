// The patterns by which agents are told, as lists/generate.mjs put them together when the program was built.
//
// All are regular expressions of RE2, and of each list the first that matches decides. Constant, any thread.
#ifndef PAGE_COUNT_ATTRIBUTES_AGENT_LISTS_H_
#define PAGE_COUNT_ATTRIBUTES_AGENT_LISTS_H_

#include <span>
#include <string_view>

namespace page_count {

struct BotPattern {
  std::string_view reason;  // "words: headless"
  std::string_view pattern;
};

struct FamilyPattern {
  std::string_view pattern;
  std::string_view rewrite;  // the family, \1 for what the pattern's first group matched
};

// The name under which a family is shown.
struct FamilyAlias {
  std::string_view family;
  std::string_view name;
};

std::span<const BotPattern> BotPatterns();
std::span<const FamilyPattern> BrowserPatterns();
std::span<const FamilyPattern> SystemPatterns();
std::span<const FamilyAlias> BrowserAliases();
std::span<const FamilyAlias> SystemAliases();

// Changes whenever a list or a rule does.
std::string_view AgentListsVersion();

}  // namespace page_count

#endif  // PAGE_COUNT_ATTRIBUTES_AGENT_LISTS_H_
