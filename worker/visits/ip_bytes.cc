#include "worker/visits/ip_bytes.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>

namespace page_count {
namespace {

constexpr Ipv6Bytes kIpv4Mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr size_t kMappedBytes = IpBytes::kMappedBits / 8;

// Whether it is one in the interfaces' names' characters, or a number.
bool IsZone(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

constexpr size_t kGroups = 8;
using Groups = std::array<unsigned int, kGroups>;

// The longest run of zeros, the first of those that are as long. One zero is none.
struct Zeros {
  size_t first = kGroups;
  size_t count = 1;
};

Zeros LongestZeros(const Groups& groups) {
  Zeros longest;
  for (size_t first = 0; first < kGroups; ++first) {
    size_t end = first;
    while (end < kGroups && groups[end] == 0) ++end;
    if (end - first > longest.count) longest = {first, end - first};
    first = end;
  }
  return longest;
}

void AppendHex(unsigned int group, std::string& text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr int kDigitBits = 4;
  int shift = 3 * kDigitBits;
  while (shift > 0 && group >> shift == 0) shift -= kDigitBits;
  for (; shift >= 0; shift -= kDigitBits) text += kDigits[group >> shift & 0xf];
}

std::string SpellIpv6(const Ipv6Bytes& bytes) {
  constexpr size_t kZerosBeforeIpv4 = 10;
  if (std::all_of(bytes.begin(), bytes.begin() + kZerosBeforeIpv4, [](unsigned char byte) { return byte == 0; })) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (inet_ntop(AF_INET6, bytes.data(), text.data(), text.size()) == nullptr) std::abort();
    return text.data();
  }
  Groups groups{};
  for (size_t i = 0; i < kGroups; ++i) groups[i] = bytes[2 * i] * 256U + bytes[2 * i + 1];
  const Zeros zeros = LongestZeros(groups);
  std::string text;
  text.reserve(INET6_ADDRSTRLEN);
  for (size_t i = 0; i < kGroups; ++i) {
    if (i == zeros.first) {
      text += "::";
      i += zeros.count - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    AppendHex(groups[i], text);
  }
  return text;
}

std::string SpellIpv4(const Ipv4Bytes& bytes) {
  std::string text;
  for (const unsigned char byte : bytes) text.append(std::to_string(byte)).append(1, '.');
  text.pop_back();
  return text;
}

}  // namespace

std::optional<Ipv4Bytes> ParseIpv4(std::string_view text) {
  constexpr unsigned int kMax = 255;
  Ipv4Bytes bytes{};
  size_t part = 0;
  unsigned int number = 0;
  size_t digits = 0;
  for (const char c : text) {
    if (c == '.') {
      if (digits == 0 || part == bytes.size() - 1) return std::nullopt;
      bytes[part++] = static_cast<unsigned char>(number);
      number = 0;
      digits = 0;
      continue;
    }
    if (c < '0' || c > '9' || (digits > 0 && number == 0)) return std::nullopt;
    number = number * 10 + static_cast<unsigned int>(c - '0');
    ++digits;
    if (number > kMax) return std::nullopt;
  }
  if (digits == 0 || part != bytes.size() - 1) return std::nullopt;
  bytes[part] = static_cast<unsigned char>(number);
  return bytes;
}

std::optional<IpBytes> ParseIp(std::string_view text) {
  IpBytes address;
  if (const auto ipv4 = ParseIpv4(text)) {
    address = {kIpv4Mapped, true};
    std::copy(ipv4->begin(), ipv4->end(), address.bytes.begin() + kMappedBytes);
    return address;
  }
  if (text.find(':') == text.npos) return std::nullopt;
  const size_t zone = text.find('%');
  if (zone != text.npos && !IsZone(text.substr(zone + 1))) return std::nullopt;
  text = text.substr(0, zone);
  std::array<char, INET6_ADDRSTRLEN> address_text{};  // ends in a NUL
  if (text.size() >= address_text.size() || text.find('\0') != text.npos) return std::nullopt;
  std::copy(text.begin(), text.end(), address_text.begin());
  if (inet_pton(AF_INET6, address_text.data(), address.bytes.data()) != 1) return std::nullopt;
  address.is_ipv4 = std::equal(kIpv4Mapped.begin(), kIpv4Mapped.begin() + kMappedBytes, address.bytes.begin());
  return address;
}

IpBytes NetworkOf(const IpBytes& address, int bits) {
  IpBytes network = address;
  for (unsigned char& byte : network.bytes) {
    const auto kept = static_cast<unsigned>(std::clamp(bits, 0, 8));
    byte = static_cast<unsigned char>(byte & (0xff00U >> kept));
    bits -= 8;
  }
  return network;
}

std::string IpText(const IpBytes& address) {
  return address.is_ipv4 ? SpellIpv4(address.AsIpv4()) : SpellIpv6(address.bytes);
}

}  // namespace page_count
