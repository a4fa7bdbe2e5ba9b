#include "worker/ingest/address_keeper.h"

#include <filesystem>
#include <system_error>

#include "worker/base/log.h"

namespace page_count {
namespace {

using std::chrono::sys_days;

sys_days DayOf(UtcTime time) { return std::chrono::floor<std::chrono::days>(time); }

}  // namespace

AddressKeeper::AddressKeeper(Settings settings, std::function<UtcTime()> now)
    : settings_(std::move(settings)), now_(std::move(now)) {
  if (settings_.keeping == AddressKeeping::kHashed) {
    {
      const MutexLock lock(mutex_);
      file_.emplace(settings_.day_keys);
      static_cast<void>(file_->KeyOf(DayOf(now_())));
    }
    OpenCountries();
  } else if (std::filesystem::exists(settings_.day_keys)) {
    DayKeyFile(settings_.day_keys).Delete();
  }
}

void AddressKeeper::Keep(Visit& visit) {
  HashKey key{};
  std::shared_ptr<const CountryDatabase> countries;
  if (settings_.keeping == AddressKeeping::kHashed) {
    const MutexLock lock(mutex_);
    key = KeyOfToday();
    countries = countries_;
  }
  const std::string_view country = countries ? countries->CountryOf(visit.ip) : std::string_view();
  std::string kept = KeptAddress(settings_.keeping, visit.ip, visit.user_agent, key, country);
  if (kept != visit.ip) visit.whole_ip = std::exchange(visit.ip, std::move(kept));
}

void AddressKeeper::Watch() {
  if (settings_.keeping != AddressKeeping::kHashed) return;
  {
    const MutexLock lock(mutex_);
    KeyOfToday();
  }
  OpenCountries();
}

HashKey AddressKeeper::KeyOfToday() {
  const sys_days today = DayOf(now_());
  if (own_key_ && own_key_->first == today) return own_key_->second;
  try {
    const HashKey key = file_->KeyOf(today);
    own_key_.reset();
    return key;
  } catch (const std::system_error& error) {
    LogLine(std::string("no day's key that all workers share, visitors of today count once a worker: ") + error.what());
    own_key_.emplace(today, RandomHashKey());
    return own_key_->second;
  }
}

void AddressKeeper::OpenCountries() {
  std::string version =
      settings_.country_database.empty() ? "" : CountryDatabase::FileVersion(settings_.country_database);
  if (version == countries_version_) return;
  countries_version_ = std::move(version);
  std::shared_ptr<const CountryDatabase> opened;
  try {
    if (!countries_version_.empty()) opened = CountryDatabase::Open(settings_.country_database);
  } catch (const CountryDatabaseError& error) {
    LogLine(std::string("no countries of visitors whose addresses are hashed: ") + error.what());
  }
  const MutexLock lock(mutex_);
  countries_ = std::move(opened);
}

}  // namespace page_count
