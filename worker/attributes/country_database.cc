#include "worker/attributes/country_database.h"

#include "worker/attributes/mmdb_country_database.h"
#include "worker/attributes/tor_country_database.h"

namespace page_count {

std::unique_ptr<CountryDatabase> CountryDatabase::Open(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return std::make_unique<TorCountryDatabase>(path);
  return std::make_unique<MmdbCountryDatabase>(path);
}

std::string CountryDatabase::FileVersion(const std::filesystem::path& path) {
  std::error_code error;
  const auto file = std::filesystem::is_directory(path, error) ? path / TorCountryDatabase::kIpv4File : path;
  const auto size = std::filesystem::file_size(file, error);
  if (error) return {};
  const auto written = std::filesystem::last_write_time(file, error);
  return file.string() + ' ' + std::to_string(size) + ' ' + std::to_string(written.time_since_epoch().count());
}

}  // namespace page_count
