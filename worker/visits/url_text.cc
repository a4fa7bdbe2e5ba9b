#include "worker/visits/url_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "worker/visits/utf8.h"

namespace page_count {
namespace {

constexpr const char* kWhiteSpaceFault = "URL has white space; write a space as %20";
constexpr const char* kControlFault = "URL has a control character; leave it out";
constexpr const char* kBackslashFault = "URL has a backslash before its query; write / or, if it is meant, %5C";
constexpr const char* kNotUtf8Fault = "URL is not valid UTF-8; send it as UTF-8 or percent-encoded";

enum class ByteClass : uint8_t { kAllowed, kBracket, kEncoded, kPercent, kNonAscii, kWhiteSpace, kControl, kBackslash };

constexpr ByteClass ClassOf(unsigned char byte) {
  if (byte >= 0x80) return ByteClass::kNonAscii;
  if (byte == ' ' || (byte >= '\t' && byte <= '\r')) return ByteClass::kWhiteSpace;
  if (byte < 0x20 || byte == 0x7F) return ByteClass::kControl;
  switch (byte) {
    case '\\':
      return ByteClass::kBackslash;
    case '%':
      return ByteClass::kPercent;
    case '[':
    case ']':
      return ByteClass::kBracket;
    case '"':
    case '<':
    case '>':
    case '^':
    case '`':
    case '{':
    case '|':
    case '}':
      return ByteClass::kEncoded;
    default:
      return ByteClass::kAllowed;
  }
}

constexpr auto kByteClasses = [] {
  std::array<ByteClass, 256> classes{};
  for (size_t byte = 0; byte < classes.size(); ++byte) classes[byte] = ClassOf(static_cast<unsigned char>(byte));
  return classes;
}();

ByteClass Classify(char c) { return kByteClasses[static_cast<unsigned char>(c)]; }

// The byte that the percent-encoding at the start of `text` encodes, -1 if there is none.
int EncodedByte(std::string_view text) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  if (text.size() < 3 || digit(text[1]) < 0 || digit(text[2]) < 0) return -1;
  return digit(text[1]) * 16 + digit(text[2]);
}

bool IsUnreserved(int byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '-' ||
         byte == '.' || byte == '_' || byte == '~';
}

// Unicode's White_Space beyond ASCII.
bool IsWhiteSpace(char32_t c) {
  return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

const char* FaultOfCharacter(Utf8Character character) {
  if (character.bytes == 0) return kNotUtf8Fault;
  if (character.code_point >= 0x80 && character.code_point <= 0x9F) return kControlFault;
  return IsWhiteSpace(character.code_point) ? kWhiteSpaceFault : nullptr;
}

}  // namespace

const char* FaultOfUrlText(std::string_view text) {
  bool in_query = false;
  for (size_t i = 0; i < text.size(); ++i) {
    switch (Classify(text[i])) {
      case ByteClass::kAllowed:
        in_query = in_query || text[i] == '?';
        break;
      case ByteClass::kBracket:
      case ByteClass::kEncoded:
      case ByteClass::kPercent:
        break;
      case ByteClass::kNonAscii: {
        const Utf8Character character = FirstUtf8Character(text.substr(i));
        if (const char* fault = FaultOfCharacter(character)) return fault;
        i += character.bytes - 1;
        break;
      }
      case ByteClass::kWhiteSpace:
        return kWhiteSpaceFault;
      case ByteClass::kControl:
        return kControlFault;
      case ByteClass::kBackslash:
        if (!in_query) return kBackslashFault;
        break;
    }
  }
  return nullptr;
}

bool IsPlainUrlText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return Classify(c) == ByteClass::kAllowed && c != '#'; });
}

void AppendPercentEncoded(char byte, std::string& to) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(byte);
  to += '%';
  to += kDigits[value >> 4U];
  to += kDigits[value & 0xFU];
}

std::string EscapedAuthority(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const ByteClass byte_class = Classify(text[i]);
    const bool is_lone_percent = byte_class == ByteClass::kPercent && EncodedByte(text.substr(i)) < 0;
    if (is_lone_percent || byte_class == ByteClass::kEncoded || byte_class == ByteClass::kNonAscii) {
      AppendPercentEncoded(text[i], escaped);
    } else {
      escaped += text[i];
    }
  }
  return escaped;
}

std::string NormalizedUrlText(std::string_view text) {
  std::string normalized;
  normalized.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const ByteClass byte_class = Classify(text[i]);
    if (byte_class == ByteClass::kAllowed) {
      normalized += text[i];
      continue;
    }
    const int encoded = byte_class == ByteClass::kPercent ? EncodedByte(text.substr(i)) : -1;
    if (IsUnreserved(encoded)) {
      normalized += static_cast<char>(encoded);
    } else {
      AppendPercentEncoded(encoded < 0 ? text[i] : static_cast<char>(encoded), normalized);
    }
    i += encoded < 0 ? 0 : 2;
  }
  return normalized;
}

std::string WithoutDotSegments(std::string_view path) {
  std::string kept;
  kept.reserve(path.size() + 1);
  for (bool is_last = path.empty(); !is_last;) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    is_last = path.empty();
    if (segment == "..") kept.resize(std::min(kept.rfind('/'), kept.size()));
    if (segment != "." && segment != "..") {
      kept += '/';
      kept += segment;
    } else if (is_last) {
      kept += '/';
    }
  }
  return kept.empty() ? "/" : kept;
}

}  // namespace page_count
