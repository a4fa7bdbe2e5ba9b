#include "worker/visits/pseudonym.h"

#include <algorithm>

namespace page_count {
namespace {

constexpr std::string_view kHash = "hash-";
constexpr std::string_view kExpired = "expired-";
constexpr std::string_view kDigits = "0123456789abcdef";
constexpr size_t kCountryBytes = 2;

bool IsCountry(std::string_view text) {
  return text.size() == kCountryBytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

// Empty unless the text begins with it.
std::string_view After(std::string_view text, std::string_view beginning) {
  return text.starts_with(beginning) ? text.substr(beginning.size()) : std::string_view();
}

bool ParseNumber(std::string_view digits, Pseudonym::Number& number) {
  if (digits.size() != 2 * number.size()) return false;
  for (size_t i = 0; i < number.size(); ++i) {
    const size_t high = kDigits.find(digits[2 * i]);
    const size_t low = kDigits.find(digits[2 * i + 1]);
    if (high == kDigits.npos || low == kDigits.npos) return false;
    number[i] = static_cast<uint8_t>(high << 4U | low);
  }
  return true;
}

}  // namespace

std::string Pseudonym::Text() const {
  std::string text(kind == Kind::kHash ? kHash : kExpired);
  if (IsCountry(country)) text.append(country).append(1, '-');
  for (const uint8_t byte : number) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xfU];
  }
  return text;
}

std::optional<Pseudonym> Pseudonym::Parse(std::string_view text) {
  Pseudonym pseudonym;
  std::string_view rest = After(text, kHash);
  if (rest.empty()) {
    rest = After(text, kExpired);
    pseudonym.kind = Kind::kExpired;
  }
  if (rest.size() > kCountryBytes && rest[kCountryBytes] == '-') {
    pseudonym.country = std::string(rest.substr(0, kCountryBytes));
    if (!IsCountry(pseudonym.country)) return std::nullopt;
    rest.remove_prefix(kCountryBytes + 1);
  }
  if (!ParseNumber(rest, pseudonym.number)) return std::nullopt;
  return pseudonym;
}

}  // namespace page_count
