#include "worker/attributes/mmdb_country_database.h"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "worker/visits/ip_bytes.h"
#include "worker/visits/utc_time.h"

namespace page_count {
namespace {

using Path = std::array<const char*, 3>;
constexpr std::array<Path, 3> kCountryPaths = {{{"country", "iso_code", nullptr},
                                                {"registered_country", "iso_code", nullptr},
                                                {"country_code", nullptr, nullptr}}};
// How much of a file is looked at for a first country. Reserved networks, which have none, take less.
constexpr int kProbedNodes = 100'000;

bool IsCountryCode(std::string_view text) {
  return text.size() == 2 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::string_view CountryIn(MMDB_entry_s entry) {
  for (const Path& path : kCountryPaths) {
    MMDB_entry_data_s data{};
    if (MMDB_aget_value(&entry, &data, path.data()) != MMDB_SUCCESS) continue;
    if (!data.has_data || data.type != MMDB_DATA_TYPE_UTF8_STRING) continue;
    const std::string_view text(data.utf8_string, data.data_size);
    if (IsCountryCode(text)) return text;
  }
  return {};
}

sockaddr_in SocketAddress(const Ipv4Bytes& bytes) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  std::memcpy(&address.sin_addr, bytes.data(), bytes.size());
  return address;
}

sockaddr_in6 SocketAddress(const Ipv6Bytes& bytes) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  std::memcpy(&address.sin6_addr, bytes.data(), bytes.size());
  return address;
}

template <typename Bytes>
std::string_view Find(const MMDB_s& database, const Bytes& bytes) {
  const auto address = SocketAddress(bytes);
  sockaddr_storage storage{};
  std::memcpy(&storage, &address, sizeof address);
  int error = MMDB_SUCCESS;
  const MMDB_lookup_result_s result =
      MMDB_lookup_sockaddr(&database, reinterpret_cast<const sockaddr*>(&storage), &error);
  // An error is a damaged part of the file, or IPv6 in a file of IPv4.
  return error == MMDB_SUCCESS && result.found_entry ? CountryIn(result.entry) : std::string_view();
}

// "" for a time that no calendar has.
std::string Day(uint64_t unix_time_s) {
  constexpr uint64_t kEndOf9999 = 253'402'300'800;
  if (unix_time_s >= kEndOf9999) return {};
  return FormatIso(UtcTime{std::chrono::seconds(static_cast<int64_t>(unix_time_s))}).substr(0, 10);
}

std::string WhyNotOpened(const std::filesystem::path& path, int status) {
  const std::string name = path.string();
  if (status == MMDB_FILE_OPEN_ERROR) {
    return "cannot open the country database " + name +
           ": give the path of an .mmdb file that the workers may read, or " + "of the folder of tor-geoipdb";
  }
  return "the country database " + name + " is no .mmdb file or is damaged (" + MMDB_strerror(status) +
         "): fetch it again";
}

}  // namespace

MmdbCountryDatabase::MmdbCountryDatabase(const std::filesystem::path& path) {
  const int status = MMDB_open(path.c_str(), MMDB_MODE_MMAP, &database_);
  if (status != MMDB_SUCCESS) throw CountryDatabaseError(WhyNotOpened(path, status));
  const std::string type = database_.metadata.database_type;
  if (!KnowsCountries()) {
    MMDB_close(&database_);
    throw CountryDatabaseError("the database " + path.string() + " (" + type +
                               ") knows no countries: give one of countries or cities");
  }
  Describe(type, Day(database_.metadata.build_epoch));
}

MmdbCountryDatabase::~MmdbCountryDatabase() { MMDB_close(&database_); }

std::string_view MmdbCountryDatabase::CountryOf(std::string_view address) const {
  const auto ip = ParseIp(address);
  if (!ip) return {};
  return ip->is_ipv4 ? Find(database_, ip->AsIpv4()) : Find(database_, ip->bytes);
}

bool MmdbCountryDatabase::KnowsCountries() const {
  std::vector<uint64_t> nodes = {0};
  for (int i = 0; i < kProbedNodes && !nodes.empty(); ++i) {
    MMDB_search_node_s node{};
    const auto number = static_cast<uint32_t>(nodes.back());
    nodes.pop_back();
    if (MMDB_read_node(&database_, number, &node) != MMDB_SUCCESS) continue;
    const std::array<std::pair<uint8_t, MMDB_entry_s>, 2> entries = {
        {{node.left_record_type, node.left_record_entry}, {node.right_record_type, node.right_record_entry}}};
    for (const auto& [record_type, entry] : entries) {
      if (record_type == MMDB_RECORD_TYPE_DATA && !CountryIn(entry).empty()) return true;
    }
    if (node.right_record_type == MMDB_RECORD_TYPE_SEARCH_NODE) nodes.push_back(node.right_record);
    if (node.left_record_type == MMDB_RECORD_TYPE_SEARCH_NODE) nodes.push_back(node.left_record);
  }
  return false;
}

}  // namespace page_count
