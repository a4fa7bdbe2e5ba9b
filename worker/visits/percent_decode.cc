#include "worker/visits/percent_decode.h"

#include <algorithm>

namespace page_count {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string PercentDecode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t percent = text.find('%'); percent != text.npos; percent = text.find('%')) {
    decoded.append(text.substr(0, percent));
    text.remove_prefix(percent);
    if (text.size() > 2 && HexDigit(text[1]) >= 0 && HexDigit(text[2]) >= 0) {
      decoded.push_back(static_cast<char>(HexDigit(text[1]) * 16 + HexDigit(text[2])));
      text.remove_prefix(3);
    } else {
      decoded.push_back('%');
      text.remove_prefix(1);
    }
  }
  return decoded.append(text);
}

std::string DecodeFormField(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return PercentDecode(spaced);
}

}  // namespace page_count
