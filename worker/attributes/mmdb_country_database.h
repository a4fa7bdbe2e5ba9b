// Countries from a file in MaxMind's format, MMDB, by libmaxminddb.
//
// The file is mapped: it costs no memory of the worker's own, and must not be shortened or written in place. The
// country is the one that the address is used in, else the one it is registered in. See country_database.h for the
// rest.
#ifndef PAGE_COUNT_ATTRIBUTES_MMDB_COUNTRY_DATABASE_H_
#define PAGE_COUNT_ATTRIBUTES_MMDB_COUNTRY_DATABASE_H_

#include <maxminddb.h>

#include <filesystem>
#include <string_view>

#include "worker/attributes/country_database.h"

namespace page_count {

class MmdbCountryDatabase : public CountryDatabase {
 public:
  explicit MmdbCountryDatabase(const std::filesystem::path& path);
  ~MmdbCountryDatabase() override;

  std::string_view CountryOf(std::string_view address) const override;

 private:
  // Whether any of the first networks of the file has a country.
  bool KnowsCountries() const;

  MMDB_s database_{};
};

}  // namespace page_count

#endif  // PAGE_COUNT_ATTRIBUTES_MMDB_COUNTRY_DATABASE_H_
