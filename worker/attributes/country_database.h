// The country that a client's address is registered or used in, by a database of the administrator's.
//
// Read-only; any thread. None comes with page-count: an .mmdb file (GeoLite2, DB-IP, …) or the folder with the two
// files of Debian's tor-geoipdb. It is read as it was when it was opened: whoever brings a newer one puts it in its
// place by rename, and opens again.
#ifndef PAGE_COUNT_ATTRIBUTES_COUNTRY_DATABASE_H_
#define PAGE_COUNT_ATTRIBUTES_COUNTRY_DATABASE_H_

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace page_count {

// Says which file is wrong, and what to do.
class CountryDatabaseError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class CountryDatabase {
 public:
  // A folder is read as tor-geoipdb's, a file as .mmdb. Throws CountryDatabaseError if it is missing, damaged, or knows
  // no countries.
  static std::unique_ptr<CountryDatabase> Open(const std::filesystem::path& path);
  // Another one once what is there is another; empty if nothing is. Looks at the file's size and time, and reads none.
  static std::string FileVersion(const std::filesystem::path& path);

  virtual ~CountryDatabase() = default;
  CountryDatabase(const CountryDatabase&) = delete;
  CountryDatabase& operator=(const CountryDatabase&) = delete;

  // The code of ISO 3166-1, "DE"; "" if it is not known, or the text is no address. Valid as long as the database.
  virtual std::string_view CountryOf(std::string_view address) const = 0;

  // What it calls itself: "GeoLite2-Country", "tor-geoipdb".
  const std::string& type() const { return type_; }
  // The day it was made: "2026-11-24"; "" if it does not say.
  const std::string& date() const { return date_; }

 protected:
  CountryDatabase() = default;
  void Describe(std::string type, std::string date) {
    type_ = std::move(type);
    date_ = std::move(date);
  }

 private:
  std::string type_;
  std::string date_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_ATTRIBUTES_COUNTRY_DATABASE_H_
