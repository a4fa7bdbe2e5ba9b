#include "worker/commands/page_rule_settings.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "worker/visits/cidr_list.h"
#include "worker/visits/parameter_names.h"
#include "worker/visits/site_list.h"

namespace page_count {
namespace {

constexpr std::string_view kKnown = "known";
constexpr std::string_view kNone = "none";

std::vector<std::string> Entries(std::string_view list) {
  std::vector<std::string> entries;
  if (list.find_first_not_of(" \t") == list.npos) return entries;
  for (size_t start = 0; start <= list.size();) {
    const size_t end = std::min(list.find(',', start), list.size());
    const std::string_view entry = list.substr(start, end - start);
    const size_t first = std::min(entry.find_first_not_of(" \t"), entry.size());
    entries.emplace_back(entry.substr(first, entry.find_last_not_of(" \t") + 1 - first));
    start = end + 1;
  }
  return entries;
}

// What ParameterNames takes: `none` stands for no name, `known` for those that it knows.
Result<std::vector<std::string>, PageRulesError> NamesOf(const std::string& list) {
  std::vector<std::string> names;
  const auto entries = Entries(list);
  if (entries == std::vector<std::string>{std::string(kNone)}) return names;
  if (entries.empty()) {
    return PageRulesError{"no parameter is named; give none, known, or names like known, sid, utm_*"};
  }
  for (const std::string& entry : entries) {
    if (entry.empty()) return PageRulesError{"'" + list + "' has no name between two commas; leave one of them out"};
    if (entry == kNone) return PageRulesError{"'" + list + "' has none beside names; give none alone, or leave it out"};
    if (entry == kKnown) {
      const auto known = CampaignParameterNames();
      names.insert(names.end(), known.begin(), known.end());
    } else {
      names.push_back(entry);
    }
  }
  return names;
}

std::string ProblemOf(const PageRules::Values& values) {
  const auto rules = PageRules::Make(values);
  return rules ? std::string() : rules.error().message;
}

}  // namespace

CLI::Validator StripParameters() {
  return CLI::Validator(
      [](const std::string& list) {
        const auto names = NamesOf(list);
        return names ? ProblemOf({.strip_parameters = *names, .sites = {}}) : names.error().message;
      },
      "LIST");
}

CLI::Validator Sites() {
  return CLI::Validator(
      [](const std::string& list) { return ProblemOf({.strip_parameters = {}, .sites = Entries(list)}); }, "LIST");
}

CLI::Validator AddressBlocks() {
  return CLI::Validator(
      [](const std::string& list) {
        const auto blocks = CidrList::Parse(list);
        return blocks ? std::string() : blocks.error().message;
      },
      "LIST");
}

bool IsListSetting(std::string_view name) {
  return name == "strip-parameters" || name == "sites" || name == "ignore-addresses";
}

PageRules PageRulesOf(const Settings& settings) {
  auto names = NamesOf(settings.strip_parameters);
  if (!names) throw UnfitSettings("strip-parameters: " + names.error().message);
  auto rules = PageRules::Make({.strip_parameters = std::move(*names),
                                .strip_trailing_slash = settings.strip_trailing_slash,
                                .strip_index = settings.strip_index,
                                .sites = Entries(settings.sites)});
  if (!rules) throw UnfitSettings(rules.error().message);
  return std::move(*rules);
}

}  // namespace page_count
