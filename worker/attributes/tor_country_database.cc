#include "worker/attributes/tor_country_database.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "worker/base/siphash.h"

namespace page_count {
namespace {

std::string FileText(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file || text.empty()) {
    throw CountryDatabaseError("cannot read " + path.string() +
                               ": a folder of countries has the files geoip and geoip6 " +
                               "of Debian's tor-geoipdb, which the workers may read");
  }
  return text;
}

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

template <typename Bytes>
CountryRanges<Bytes> ReadRanges(const std::filesystem::path& path, std::string_view text) {
  CountryRanges<Bytes> ranges;
  for (size_t number = 1; !text.empty(); ++number) {
    std::string_view line = Take(text, '\n');
    if (line.empty() || line.front() == '#') continue;
    typename CountryRanges<Bytes>::Range range{};
    const bool has_first = Read(Take(line, ','), range.first);
    const bool has_last = Read(Take(line, ','), range.last);
    if (!has_first || !has_last || range.last < range.first || line.size() != 2) {
      throw CountryDatabaseError(path.string() + ", line " + std::to_string(number) +
                                 ": is not \"first,last,country\"" + ": install tor-geoipdb again, and copy its files");
    }
    line.copy(range.country.data(), line.size());
    if (line != "??") ranges.Add(range);
  }
  if (ranges.empty()) throw CountryDatabaseError(path.string() + " knows no countries: copy tor-geoipdb's");
  ranges.Sort();
  return ranges;
}

// Of "# Generated: Thu, 25 Jun 2026 04:33:59 GMT" that is 2026-06-25; "" of a file without that line.
std::string DateIn(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  constexpr std::string_view kLine = "# Generated: ";
  const size_t start = text.find(kLine);
  if (start == text.npos) return {};
  text.remove_prefix(start + kLine.size());
  std::string_view line = Take(text, '\n');
  Take(line, ' ');  // the weekday
  const std::string_view day = Take(line, ' ');
  const size_t month = kMonths.find(Take(line, ' ')) / 3 + 1;
  const std::string_view year = Take(line, ' ');
  if (day.size() != 2 || month > 12 || year.size() != 4) return {};
  std::string date(year);
  date.append(month < 10 ? "-0" : "-").append(std::to_string(month)).append("-").append(day);
  return date;
}

std::string Digest(std::string_view ipv4_text, std::string_view ipv6_text) {
  std::array<char, 17> digest{};
  const uint64_t both = SipHash(SipHashKey{}, ipv4_text).low ^ SipHash(SipHashKey{}, ipv6_text).high;
  std::snprintf(digest.data(), digest.size(), "%016jx", uintmax_t{both});
  return digest.data();
}

}  // namespace

TorCountryDatabase::TorCountryDatabase(const std::filesystem::path& folder) {
  const std::string ipv4_text = FileText(folder / kIpv4File);
  ipv4_ = ReadRanges<Ipv4Bytes>(folder / kIpv4File, ipv4_text);
  const std::string ipv6_text = FileText(folder / kIpv6File);
  ipv6_ = ReadRanges<Ipv6Bytes>(folder / kIpv6File, ipv6_text);
  const std::string type = "tor-geoipdb";
  std::string date = DateIn(ipv4_text);
  if (date.empty()) date = DateIn(ipv6_text);
  Describe(type, date, type + " " + Digest(ipv4_text, ipv6_text));
}

std::string_view TorCountryDatabase::CountryOf(std::string_view address) const {
  const auto ip = ParseIp(address);
  if (!ip) return {};
  return ip->is_ipv4 ? ipv4_.Find(ip->AsIpv4()) : ipv6_.Find(ip->bytes);
}

}  // namespace page_count
