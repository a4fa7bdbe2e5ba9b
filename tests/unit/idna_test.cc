#include "worker/visits/idna.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "worker/visits/punycode.h"

namespace page_count {
namespace {

std::string Utf8(char32_t c) {
  const auto byte = [c](int shift, uint32_t lead) { return static_cast<char>(lead | ((c >> shift) & 0x3FU)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xC0U | (c >> 6)), byte(0, 0x80)};
  if (c < 0x10000) return {static_cast<char>(0xE0U | (c >> 12)), byte(6, 0x80), byte(0, 0x80)};
  return {static_cast<char>(0xF0U | (c >> 18)), byte(12, 0x80), byte(6, 0x80), byte(0, 0x80)};
}

std::string ALabels(const std::string& name) { return HostNameInALabels(name).value_or("refused"); }

class Hash {  // FNV-1a
 public:
  void Add(std::string_view text) {
    for (const char c : text) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  }
  uint64_t value() const { return hash_; }

 private:
  uint64_t hash_ = 0xCBF29CE484222325U;
};

// A libunistring whose Unicode is newer fails here if what it added is not just itself. Then tr46, of npm, says which
// characters they are (mapped, marks, composed, format characters): they belong into kNewer in idna.cc.
TEST(IdnaTest, EveryCharacterIsTheSameWithEveryLibunistring) {
  constexpr char32_t kFirstWithoutLetters = 0x34000;
  Hash hash;
  for (char32_t c = 0x80; c < kFirstWithoutLetters; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    hash.Add(ALabels(Utf8(c)) + '\n' + ALabels('a' + Utf8(c) + "\u0301") + '\n');
  }
  for (char32_t c = 0xE0000; c < 0xE0200; ++c) hash.Add(ALabels('a' + Utf8(c)) + '\n');
  EXPECT_EQ(hash.value(), 10920116975713291210U);
}

TEST(IdnaTest, MapsAndComposesAsUts46) {
  EXPECT_EQ(ALabels("B\u00DCCHER.De"), "xn--bcher-kva.de");
  EXPECT_EQ(ALabels("u\u0308"), "xn--tda");
  EXPECT_EQ(ALabels("\uFF21\u3002\u2160\uFF0Eb\uFF61"), "a.i.b.");
  EXPECT_EQ(ALabels("a\u00AD\uFE0F\u2060b"), "ab");
  EXPECT_EQ(ALabels("\u0130"), "xn--i-9bb");
  EXPECT_EQ(ALabels("\u10A0\u2132"), "xn--73g727b");
}

TEST(IdnaTest, RefusesWhatUts46Disallows) {
  for (const char* name :
       {"\u2026", "\u2488com", "a\uFE12b", "\u200E",       "a\u2029",    "\u3000",     "\uFDD0", "\U0001FFFE",
        "\uE000", "\uFFFC",    "\u2FF0",   "\U000E0041",   "\U0001343F", "\U00010D50", "\u1C89", "\u0897",
        "\u0300", "a.\u0300",  "\u200D",   "\u0628\u200C", "xn--\u00FC", "\xFF",       "a\xC3"}) {
    EXPECT_EQ(ALabels(name), "refused") << name;
  }
}

TEST(IdnaTest, RefusesALabelThatIsTooLongWithoutWork) {
  std::string label;
  for (int i = 0; i < 100'000; ++i) label += Utf8(0x4E00U + static_cast<char32_t>(i % 20'000));
  EXPECT_EQ(ALabels(label), "refused");
}

// RFC 3492, 7.1: (A), (B), (D), (L).
TEST(PunycodeTest, EncodesTheSamplesOfItsStandard) {
  constexpr uint32_t kArabic[] = {0x644, 0x64A, 0x647, 0x645, 0x627, 0x628, 0x62A, 0x643, 0x644,
                                  0x645, 0x648, 0x634, 0x639, 0x631, 0x628, 0x64A, 0x61F};
  constexpr uint32_t kChinese[] = {0x4ED6, 0x4EEC, 0x4E3A, 0x4EC0, 0x4E48, 0x4E0D, 0x8BF4, 0x4E2D, 0x6587};
  constexpr uint32_t kCzech[] = {0x50, 0x72, 0x6F, 0x10D, 0x70, 0x72, 0x6F,  0x73, 0x74, 0x11B, 0x6E,
                                 0x65, 0x6D, 0x6C, 0x75,  0x76, 0xED, 0x10D, 0x65, 0x73, 0x6B,  0x79};
  constexpr uint32_t kJapanese[] = {0x33, 0x5E74, 0x42, 0x7D44, 0x91D1, 0x516B, 0x5148, 0x751F};
  EXPECT_EQ(EncodePunycode(kArabic), "egbpdaj6bu4bxfgehfvwxn");
  EXPECT_EQ(EncodePunycode(kChinese), "ihqwcrb4cv8a8dqg056pqjye");
  EXPECT_EQ(EncodePunycode(kCzech), "Proprostnemluvesky-uyb24dma41a");
  EXPECT_EQ(EncodePunycode(kJapanese), "3B-ww4c5e180e575a65lsy2b");
}

}  // namespace
}  // namespace page_count
