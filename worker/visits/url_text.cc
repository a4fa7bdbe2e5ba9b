#include "worker/visits/url_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "worker/visits/utf8.h"

namespace page_count {
namespace {

constexpr const char* kWhiteSpaceFault = "URL has white space; write a space as %20";
constexpr const char* kControlFault = "URL has a control character; leave it out";
constexpr const char* kBackslashFault = "URL has a backslash; write / or, where it is meant, %5C";
constexpr const char* kPercentFault = "URL has a % without two hex digits; write a percent sign as %25";
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

// The byte that the percent-encoding at the start of `text` stands for, -1 where there is none.
int EncodedByte(std::string_view text) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  if (text.size() < 3 || text[0] != '%' || digit(text[1]) < 0 || digit(text[2]) < 0) return -1;
  return digit(text[1]) * 16 + digit(text[2]);
}

const char* FaultOfEncodedByte(std::string_view text) {
  const int byte = EncodedByte(text);
  if (byte < 0) return kPercentFault;
  if (byte < 0x20 || byte == 0x7F) return kControlFault;
  if (byte != 0xC2) return nullptr;
  const int next = EncodedByte(text.substr(3));
  return next >= 0x80 && next <= 0x9F ? kControlFault : nullptr;  // U+0080 to U+009F
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

void AppendEncoded(std::string& text, char c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  text += '%';
  text += kDigits[byte >> 4U];
  text += kDigits[byte & 0xFU];
}

}  // namespace

const char* FaultOfUrlText(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const char* fault = nullptr;
    switch (Classify(text[i])) {
      case ByteClass::kAllowed:
      case ByteClass::kBracket:
      case ByteClass::kEncoded:
        continue;
      case ByteClass::kPercent:
        fault = FaultOfEncodedByte(text.substr(i));
        break;
      case ByteClass::kNonAscii: {
        const Utf8Character character = FirstUtf8Character(text.substr(i));
        fault = FaultOfCharacter(character);
        i += character.bytes - 1;  // of no account where there is a fault
        break;
      }
      case ByteClass::kWhiteSpace:
        return kWhiteSpaceFault;
      case ByteClass::kControl:
        return kControlFault;
      case ByteClass::kBackslash:
        return kBackslashFault;
    }
    if (fault != nullptr) return fault;
  }
  return nullptr;
}

bool IsPlainUrlText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return Classify(c) == ByteClass::kAllowed && c != '#'; });
}

std::string EscapedUrlText(std::string_view text, size_t authority_end) {
  std::string escaped;
  escaped.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const ByteClass byte_class = Classify(text[i]);
    const bool encode = byte_class == ByteClass::kEncoded || byte_class == ByteClass::kNonAscii ||
                        (byte_class == ByteClass::kBracket && i >= authority_end);
    if (encode) {
      AppendEncoded(escaped, text[i]);
    } else {
      escaped += text[i];
    }
  }
  return escaped;
}

}  // namespace page_count
