#include "worker/attributes/agent_family.h"

#include <algorithm>
#include <iterator>

namespace page_count {
namespace {

std::vector<std::string_view> Expressions(std::span<const FamilyPattern> patterns) {
  std::vector<std::string_view> expressions;
  std::transform(patterns.begin(), patterns.end(), std::back_inserter(expressions),
                 [](const FamilyPattern& pattern) { return pattern.pattern; });
  return expressions;
}

std::string Trimmed(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  text.erase(0, text.find_first_not_of(' '));
  return text;
}

}  // namespace

AgentFamily::AgentFamily(std::span<const FamilyPattern> patterns, std::span<const FamilyAlias> aliases)
    : patterns_(patterns), aliases_(aliases), set_(Expressions(patterns)), captures_(patterns.size()) {}

std::string AgentFamily::Of(std::string_view agent) const {
  const auto index = set_.First(agent);
  if (!index) return {};
  std::string family = Family(*index, agent);
  const auto alias = std::find_if(aliases_.begin(), aliases_.end(),
                                  [&family](const FamilyAlias& candidate) { return candidate.family == family; });
  return alias == aliases_.end() ? family : std::string(alias->name);
}

std::string AgentFamily::Family(size_t index, std::string_view agent) const {
  const FamilyPattern& pattern = patterns_[index];
  if (pattern.rewrite.find('\\') == pattern.rewrite.npos) return std::string(pattern.rewrite);
  Capture& capture = captures_[index];
  std::call_once(capture.once, [&] { capture.expression = std::make_unique<re2::RE2>(pattern.pattern); });
  std::string family;
  re2::RE2::Extract(agent, *capture.expression, pattern.rewrite, &family);
  return Trimmed(std::move(family));
}

}  // namespace page_count
