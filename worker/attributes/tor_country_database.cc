#include "worker/attributes/tor_country_database.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <string>
#include <system_error>

namespace page_count {
namespace {

constexpr size_t kUsualLineBytes = 20;

// The text up to the separator, which leaves `rest`.
std::string_view Take(std::string_view& rest, char separator) {
  const size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return taken;
}

bool Read(std::string_view text, Ipv4Bytes& bytes) {
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(number >> (24 - 8 * i));
  return error == std::errc() && end == text.data() + text.size();
}

bool Read(std::string_view text, Ipv6Bytes& bytes) {
  std::array<char, INET6_ADDRSTRLEN> address{};
  if (text.size() >= address.size()) return false;
  text.copy(address.data(), text.size());
  return inet_pton(AF_INET6, address.data(), bytes.data()) == 1;
}

// Of "# Generated: Thu, 25 Jun 2026 04:33:59 GMT" that is 2026-06-25; "" of another line.
std::string DateIn(std::string_view line) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  constexpr std::string_view kLine = "# Generated: ";
  if (!line.starts_with(kLine)) return {};
  line.remove_prefix(kLine.size());
  Take(line, ' ');  // the weekday
  const std::string_view day = Take(line, ' ');
  const size_t month = kMonths.find(Take(line, ' ')) / 3 + 1;
  const std::string_view year = Take(line, ' ');
  if (day.size() != 2 || month > 12 || year.size() != 4) return {};
  std::string date(year);
  date.append(month < 10 ? "-0" : "-").append(std::to_string(month)).append("-").append(day);
  return date;
}

template <typename Bytes>
typename CountryRanges<Bytes>::Range ReadRange(std::string_view line, const std::string& place) {
  typename CountryRanges<Bytes>::Range range{};
  const bool has_first = Read(Take(line, ','), range.first);
  const bool has_last = Read(Take(line, ','), range.last);
  if (!has_first || !has_last || range.last < range.first || line.size() != 2) {
    throw CountryDatabaseError(place +
                               ": is not \"first,last,country\": install tor-geoipdb again, and copy its files");
  }
  line.copy(range.country.data(), line.size());
  return range;
}

// Line by line: the files have 25 MB. Sets an empty `date` if the file says one.
template <typename Bytes>
CountryRanges<Bytes> ReadRanges(const std::filesystem::path& path, std::string& date) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (error || !file || bytes == 0) {
    throw CountryDatabaseError("cannot read " + path.string() +
                               ": a folder of countries has the files geoip and geoip6 " +
                               "of Debian's tor-geoipdb, which the workers may read");
  }
  CountryRanges<Bytes> ranges;
  ranges.Reserve(bytes / kUsualLineBytes);
  std::string line;
  for (size_t number = 1; std::getline(file, line); ++number) {
    if (date.empty()) date = DateIn(line);
    if (line.empty() || line.front() == '#') continue;
    const auto range = ReadRange<Bytes>(line, path.string() + ", line " + std::to_string(number));
    if (!line.ends_with("??")) ranges.Add(range);
  }
  if (file.bad()) throw CountryDatabaseError("cannot read all of " + path.string() + ": see whether its disk is well");
  if (ranges.empty()) throw CountryDatabaseError(path.string() + " knows no countries: copy tor-geoipdb's");
  ranges.Sort();
  return ranges;
}

}  // namespace

TorCountryDatabase::TorCountryDatabase(const std::filesystem::path& folder) {
  std::string date;
  ipv4_ = ReadRanges<Ipv4Bytes>(folder / kIpv4File, date);
  ipv6_ = ReadRanges<Ipv6Bytes>(folder / kIpv6File, date);
  Describe("tor-geoipdb", date);
}

std::string_view TorCountryDatabase::CountryOf(std::string_view address) const {
  const auto ip = ParseIp(address);
  if (!ip) return {};
  return ip->is_ipv4 ? ipv4_.Find(ip->AsIpv4()) : ipv6_.Find(ip->bytes);
}

}  // namespace page_count
