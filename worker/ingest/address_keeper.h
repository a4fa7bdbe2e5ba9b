// Puts what is kept of a client's address in its place before a visit is recorded, as the privacy setting says.
//
// If addresses are hashed, all workers share the key of the day through a file, and the country is looked up at once,
// as nobody can do it later. Once a worker runs, keeping never fails: if the file of keys cannot be used on another day
// it has a key of its own that day, says so in the log, and visitors count once a worker. Any thread.
#ifndef PAGE_COUNT_INGEST_ADDRESS_KEEPER_H_
#define PAGE_COUNT_INGEST_ADDRESS_KEEPER_H_

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "worker/attributes/country_database.h"
#include "worker/base/keyed_hash.h"
#include "worker/base/mutex.h"
#include "worker/system/day_key_file.h"
#include "worker/visits/kept_address.h"
#include "worker/visits/visit.h"

namespace page_count {

class AddressKeeper {
 public:
  struct Settings {
    AddressKeeping keeping = AddressKeeping::kWhole;
    std::string day_keys;          // the path of a DayKeyFile
    std::string country_database;  // see CountryDatabase; empty if there is none
  };

  // Throws std::system_error if there can be no key. If none is needed it deletes those that are there.
  AddressKeeper(Settings settings, std::function<UtcTime()> now);

  // The visit's address is in whole_ip then, unless all of it is kept.
  void Keep(Visit& visit) EXCLUDES(mutex_);
  // To be called every second, by one thread: sees to it that the keys of days that are over go though nobody visits,
  // and that a newer country database is used.
  void Watch() EXCLUDES(mutex_);

 private:
  HashKey KeyOfToday() REQUIRES(mutex_);
  void OpenCountries() EXCLUDES(mutex_);

  const Settings settings_;
  const std::function<UtcTime()> now_;
  std::string countries_version_;  // of the database that was opened, or could not be
  Mutex mutex_;
  std::optional<DayKeyFile> file_ GUARDED_BY(mutex_);
  std::optional<std::pair<std::chrono::sys_days, HashKey>> own_key_ GUARDED_BY(mutex_);
  std::shared_ptr<const CountryDatabase> countries_ GUARDED_BY(mutex_);
};

}  // namespace page_count

#endif  // PAGE_COUNT_INGEST_ADDRESS_KEEPER_H_
