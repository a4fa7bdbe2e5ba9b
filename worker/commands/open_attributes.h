// What attributes are worked out from, as the settings say: lists of bots and browsers, an administrator's list of
// bots, a country database.
#ifndef PAGE_COUNT_COMMANDS_OPEN_ATTRIBUTES_H_
#define PAGE_COUNT_COMMANDS_OPEN_ATTRIBUTES_H_

#include <memory>
#include <string>

#include "worker/attributes/attribute_source.h"
#include "worker/commands/settings.h"

namespace page_count {

// Where the country database is; empty if there is none.
std::string CountryDatabaseOf(const Settings& settings);

// For people: which database countries are looked up in, or why none.
std::string DescribeCountryDatabase(const Settings& settings);

// Throws UnfitSettings if the list of bots cannot be read.
std::shared_ptr<AttributeSource> OpenAttributes(const Settings& settings);

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_OPEN_ATTRIBUTES_H_
