// What is kept of visitors' addresses, as the settings say.
#ifndef PAGE_COUNT_COMMANDS_OPEN_ADDRESSES_H_
#define PAGE_COUNT_COMMANDS_OPEN_ADDRESSES_H_

#include <memory>

#include "worker/commands/settings.h"
#include "worker/ingest/address_keeper.h"

namespace page_count {

// Throws UnfitSettings, with the system's reason and what to change, if there can be no key to hash addresses with.
std::unique_ptr<AddressKeeper> OpenAddresses(const Settings& settings);

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_OPEN_ADDRESSES_H_
