// Countries from the two text files of Debian's tor-geoipdb, geoip and geoip6: IPFire's data, without an account.
//
// A line is "first,last,country", with the addresses of IPv4 as numbers and those of IPv6 as text, "??" for no country,
// and # before a comment. They are read into memory: 13 MB, and 26 more
// until they are. See country_database.h for the rest.
#ifndef PAGE_COUNT_ATTRIBUTES_TOR_COUNTRY_DATABASE_H_
#define PAGE_COUNT_ATTRIBUTES_TOR_COUNTRY_DATABASE_H_

#include <filesystem>
#include <string>
#include <string_view>

#include "worker/attributes/country_database.h"
#include "worker/attributes/country_ranges.h"
#include "worker/visits/ip_bytes.h"

namespace page_count {

class TorCountryDatabase : public CountryDatabase {
 public:
  static constexpr const char* kIpv4File = "geoip";
  static constexpr const char* kIpv6File = "geoip6";

  // The folder of the two files.
  explicit TorCountryDatabase(const std::filesystem::path& folder);

  std::string_view CountryOf(std::string_view address) const override;

 private:
  CountryRanges<Ipv4Bytes> ipv4_;
  CountryRanges<Ipv6Bytes> ipv6_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_ATTRIBUTES_TOR_COUNTRY_DATABASE_H_
