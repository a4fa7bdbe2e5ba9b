#include "worker/visits/idna.h"

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <vector>

#include "worker/visits/punycode.h"
#include "worker/visits/utf8.h"

namespace page_count {
namespace {

using CodePoints = std::vector<uint32_t>;
using Label = std::span<const uint32_t>;

constexpr uint32_t kZeroWidthNonJoiner = 0x200C;
constexpr uint32_t kZeroWidthJoiner = 0x200D;
constexpr uint32_t kSmallSharpS = 0xDF;
constexpr uint32_t kCapitalSharpS = 0x1E9E;
constexpr uint32_t kFinalSigma = 0x3C2;
constexpr uint32_t kIdeographicFullStop = 0x3002;
constexpr uint32_t kFullwidthFullStop = 0xFF0E;
constexpr uint32_t kHalfwidthIdeographicFullStop = 0xFF61;

struct Range {
  uint32_t first;
  uint32_t last;
};

// Symbols and tags that UTS 46 disallows, beside those that their general category rules out.
constexpr std::array<Range, 4> kDisallowed = {
    {{0x2FF0, 0x2FFF}, {0x31EF, 0x31EF}, {0xFFFC, 0xFFFD}, {0xE0000, 0xE00FF}}};

// What Unicode 15 to 17 added and does not stay as it is: has a mapping, is a mark, takes part in a composition, or is
// a format character. Gaps are unassigned.
constexpr std::array<Range, 44> kNewer = {
    {{0x897, 0x897},     {0xCF3, 0xCF3},     {0xECE, 0xECE},     {0x1ACF, 0x1AEB},   {0x1C89, 0x1C89},
     {0xA7CB, 0xA7CC},   {0xA7CE, 0xA7CE},   {0xA7D2, 0xA7D2},   {0xA7D4, 0xA7D4},   {0xA7DA, 0xA7DA},
     {0xA7DC, 0xA7F1},   {0x105C9, 0x105C9}, {0x105D2, 0x105D2}, {0x105DA, 0x105DA}, {0x105E4, 0x105E4},
     {0x10D50, 0x10D6D}, {0x10EC2, 0x10EC7}, {0x10EFA, 0x10EFF}, {0x11241, 0x11241}, {0x11382, 0x11385},
     {0x1138B, 0x11391}, {0x113B8, 0x113D0}, {0x113D2, 0x113D2}, {0x113E1, 0x113E2}, {0x11B60, 0x11B67},
     {0x11F00, 0x11F01}, {0x11F03, 0x11F03}, {0x11F34, 0x11F42}, {0x11F5A, 0x11F5A}, {0x13439, 0x13440},
     {0x13447, 0x13455}, {0x1611E, 0x1612F}, {0x16D63, 0x16D63}, {0x16D67, 0x16D6A}, {0x16EA0, 0x16EB8},
     {0x1CCD6, 0x1CCF9}, {0x1E030, 0x1E06D}, {0x1E08F, 0x1E08F}, {0x1E4EC, 0x1E4EF}, {0x1E5EE, 0x1E5EF},
     {0x1E6E3, 0x1E6E3}, {0x1E6E6, 0x1E6E6}, {0x1E6EE, 0x1E6EF}, {0x1E6F5, 0x1E6F5}}};

bool IsIn(std::span<const Range> ranges, uint32_t c) {
  return std::any_of(ranges.begin(), ranges.end(), [c](Range range) { return c >= range.first && c <= range.last; });
}

bool IsDisallowed(uint32_t c) {
  constexpr uint32_t kNever = UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cs | UC_CATEGORY_MASK_Co | UC_CATEGORY_MASK_Zs |
                              UC_CATEGORY_MASK_Zl | UC_CATEGORY_MASK_Zp;
  if (uc_is_general_category_withtable(c, kNever) || IsIn(kDisallowed, c) || IsIn(kNewer, c)) return true;
  const bool is_ignorable = uc_is_property_default_ignorable_code_point(c);
  if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Cf)) return !is_ignorable || uc_is_property_bidi_control(c);
  const bool is_unassigned = uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Cn);
  return is_unassigned && (is_ignorable || uc_is_property_not_a_character(c));
}

bool IsDeviation(uint32_t c) {
  return c == kSmallSharpS || c == kFinalSigma || c == kZeroWidthNonJoiner || c == kZeroWidthJoiner;
}

bool IsFullStop(uint32_t c) {
  return c == kIdeographicFullStop || c == kFullwidthFullStop || c == kHalfwidthIdeographicFullStop;
}

// What libunistring allocated, as a value.
CodePoints Taken(uint32_t* text, size_t length) {
  const std::unique_ptr<uint32_t, decltype(&std::free)> owned(text, &std::free);
  if (!owned) throw std::bad_alloc();
  return {text, text + length};
}

CodePoints Folded(uint32_t c) {
  size_t length = 0;
  uint32_t* text = u32_casefold(&c, 1, nullptr, UNINORM_NFKC, nullptr, &length);
  return Taken(text, length);
}

CodePoints Composed(const CodePoints& text) {
  if (text.empty()) return {};
  size_t length = 0;
  uint32_t* composed = u32_normalize(UNINORM_NFC, text.data(), text.size(), nullptr, &length);
  return Taken(composed, length);
}

// UTS 46's mapping of one character, appended: NFKC_Casefold but for the deviations, and for what would make a full
// stop.
bool AppendMapped(uint32_t c, CodePoints& text) {
  if (c == kCapitalSharpS) c = kSmallSharpS;
  if (IsDeviation(c)) {
    text.push_back(c);
    return true;
  }
  if (IsFullStop(c)) {
    text.push_back('.');
    return true;
  }
  if (c >= 0x80 && IsDisallowed(c)) return false;
  if (c >= 0x80 && uc_is_property_default_ignorable_code_point(c)) return true;
  const CodePoints folded = Folded(c);
  const auto is_stop = [](uint32_t mapped) { return mapped == '.' || mapped == kIdeographicFullStop; };
  if (c != '.' && std::any_of(folded.begin(), folded.end(), is_stop)) return false;
  text.insert(text.end(), folded.begin(), folded.end());
  return true;
}

std::optional<CodePoints> Mapped(std::string_view name) {
  CodePoints mapped;
  while (!name.empty()) {
    const Utf8Character character = FirstUtf8Character(name);
    if (character.bytes == 0 || !AppendMapped(character.code_point, mapped)) return std::nullopt;
    name.remove_prefix(character.bytes);
  }
  return Composed(mapped);
}

// RFC 5892, A.1: between letters that would join.
bool StandsBetweenJoining(Label label, size_t at) {
  const auto is_transparent = [](uint32_t c) { return uc_joining_type(c) == UC_JOINING_TYPE_T; };
  const Label before = label.first(at);
  const Label after = label.subspan(at + 1);
  const auto left = std::find_if_not(before.rbegin(), before.rend(), is_transparent);
  const auto right = std::find_if_not(after.begin(), after.end(), is_transparent);
  if (left == before.rend() || right == after.end()) return false;
  const int left_type = uc_joining_type(*left);
  const int right_type = uc_joining_type(*right);
  return (left_type == UC_JOINING_TYPE_L || left_type == UC_JOINING_TYPE_D) &&
         (right_type == UC_JOINING_TYPE_R || right_type == UC_JOINING_TYPE_D);
}

bool JoinersAreInPlace(Label label) {
  for (size_t i = 0; i < label.size(); ++i) {
    if (label[i] != kZeroWidthJoiner && label[i] != kZeroWidthNonJoiner) continue;
    if (i > 0 && uc_combining_class(label[i - 1]) == UC_CCC_VR) continue;  // a virama
    if (label[i] == kZeroWidthJoiner || !StandsBetweenJoining(label, i)) return false;
  }
  return true;
}

bool IsAscii(Label label) {
  return std::all_of(label.begin(), label.end(), [](uint32_t c) { return c < 0x80; });
}

bool AppendALabel(Label label, std::string& name) {
  constexpr std::array<uint32_t, 4> kPrefix = {'x', 'n', '-', '-'};
  if (IsAscii(label)) {
    name.append(label.begin(), label.end());
    return true;
  }
  if (label.size() > kMaxPunycodeInput || uc_is_general_category_withtable(label[0], UC_CATEGORY_MASK_M) ||
      !JoinersAreInPlace(label) || std::ranges::equal(label.first(std::min(label.size(), kPrefix.size())), kPrefix)) {
    return false;
  }
  name += "xn--" + EncodePunycode(label);
  return true;
}

}  // namespace

std::optional<std::string> HostNameInALabels(std::string_view name) {
  const std::optional<CodePoints> mapped = Mapped(name);
  if (!mapped) return std::nullopt;
  std::string a_labels;
  for (Label rest(*mapped);;) {
    const auto end = std::find(rest.begin(), rest.end(), uint32_t{'.'});
    const auto length = static_cast<size_t>(end - rest.begin());
    if (!AppendALabel(rest.first(length), a_labels)) return std::nullopt;
    if (end == rest.end()) return a_labels;
    a_labels += '.';
    rest = rest.subspan(length + 1);
  }
}

}  // namespace page_count
