// The settings that are lists: which parameters are no part of a page's address, which sites and which addresses count.
//
// Entries stand between commas, with blanks around them or not. The validators are CLI11's: each refuses a text with a
// sentence that says what would do. Pure, any thread.
#ifndef PAGE_COUNT_COMMANDS_PAGE_RULE_SETTINGS_H_
#define PAGE_COUNT_COMMANDS_PAGE_RULE_SETTINGS_H_

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

#include "worker/commands/settings.h"
#include "worker/visits/page_rules.h"

namespace page_count {

CLI::Validator StripParameters();
CLI::Validator Sites();
CLI::Validator AddressBlocks();

// Whether the setting of that name is such a list.
bool IsListSetting(std::string_view name);

// Of settings that were validated; throws UnfitSettings for others.
PageRules PageRulesOf(const Settings& settings);

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_PAGE_RULE_SETTINGS_H_
