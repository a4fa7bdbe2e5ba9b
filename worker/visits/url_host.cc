#include "worker/visits/url_host.h"

#include <arpa/inet.h>
#include <uriparser/Uri.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

#include "worker/base/ascii.h"
#include "worker/visits/idna.h"
#include "worker/visits/url_text.h"

namespace page_count {
namespace {

constexpr size_t kMaxNameLength = 253;
constexpr size_t kMaxLabelLength = 63;

enum class HostByte : uint8_t { kRefused, kPlain, kEncoded };

// Of an ASCII name in lower case.
constexpr auto kHostBytes = [] {
  std::array<HostByte, 256> classes{};
  for (unsigned char c = '!'; c < 0x7F; ++c) classes[c] = HostByte::kPlain;
  for (unsigned char c = 'A'; c <= 'Z'; ++c) classes[c] = HostByte::kRefused;
  for (const char c : std::string_view("#%/:<>?@[\\]^|")) classes[static_cast<unsigned char>(c)] = HostByte::kRefused;
  for (const char c : std::string_view("\"`{}")) classes[static_cast<unsigned char>(c)] = HostByte::kEncoded;
  return classes;
}();

HostByte Classify(char c) { return kHostBytes[static_cast<unsigned char>(c)]; }

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string Decoded(std::string_view reg_name) {
  std::string name(reg_name);
  if (name.find('%') == std::string::npos) return name;
  // NUL included, and judged with the other bytes.
  const char* end = uriUnescapeInPlaceExA(name.data(), URI_FALSE, URI_BR_DONT_TOUCH);
  name.resize(static_cast<size_t>(end - name.data()));
  return name;
}

bool IsHostName(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.size() > kMaxNameLength) return false;

  size_t label_length = 0;
  for (const char c : name) {
    if (c == '.') {
      if (label_length == 0) return false;
      label_length = 0;
      continue;
    }
    if (Classify(c) == HostByte::kRefused || ++label_length > kMaxLabelLength) return false;
  }
  return label_length > 0;
}

bool IsPlain(char c) { return Classify(c) == HostByte::kPlain; }

std::string Encoded(const std::string& name) {
  std::string encoded;
  for (const char c : name) {
    if (IsPlain(c)) {
      encoded += c;
    } else {
      AppendPercentEncoded(c, encoded);
    }
  }
  return encoded;
}

}  // namespace

std::optional<std::string> CanonicalHostName(std::string_view reg_name) {
  std::optional<std::string> name = Decoded(reg_name);
  if (IsAscii(*name)) {
    *name = ToLower(*name);
  } else {
    name = HostNameInALabels(*name);
  }
  if (!name || !IsHostName(*name)) return std::nullopt;
  if (!std::all_of(name->begin(), name->end(), IsPlain)) name = Encoded(*name);
  return name;
}

bool IsPlainHostName(std::string_view name) {
  return IsHostName(name) && std::all_of(name.begin(), name.end(), IsPlain);
}

std::string CanonicalIpv6Host(const unsigned char (&address)[16]) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (inet_ntop(AF_INET6, &address, text.data(), text.size()) == nullptr) std::abort();
  return '[' + std::string(text.data()) + ']';
}

}  // namespace page_count
