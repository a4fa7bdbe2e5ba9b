#include "worker/attributes/country_database.h"

#include "worker/attributes/mmdb_country_database.h"
#include "worker/attributes/tor_country_database.h"

namespace page_count {

std::unique_ptr<CountryDatabase> CountryDatabase::Open(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return std::make_unique<TorCountryDatabase>(path);
  return std::make_unique<MmdbCountryDatabase>(path);
}

}  // namespace page_count
