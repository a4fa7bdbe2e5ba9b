#include "worker/commands/open_addresses.h"

#include <string>
#include <system_error>

#include "worker/commands/open_attributes.h"
#include "worker/commands/remedy.h"

namespace page_count {
namespace {

AddressKeeping KeepingOf(const std::string& addresses) {
  if (addresses == "cut") return AddressKeeping::kCut;
  return addresses == "hashed" ? AddressKeeping::kHashed : AddressKeeping::kWhole;
}

}  // namespace

// The keys lie beside the rate table, which lies where nothing outlives the machine's next start (/run): no disk and no
// backup of the database's folder has ever had them.
std::unique_ptr<AddressKeeper> OpenAddresses(const Settings& settings) {
  const std::string day_keys = settings.rate_table + ".day-keys";
  try {
    return std::make_unique<AddressKeeper>(
        AddressKeeper::Settings{KeepingOf(settings.addresses), day_keys, CountryDatabaseOf(settings)}, Now);
  } catch (const std::system_error& error) {
    throw UnfitSettings(std::string("cannot make the day's key for hashed addresses: ") + error.what() + "; " +
                        Remedy(error.code().value(), FolderOf(settings.rate_table), "rate-table"));
  }
}

}  // namespace page_count
