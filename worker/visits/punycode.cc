#include "worker/visits/punycode.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace page_count {
namespace {

// RFC 3492, 5.
constexpr uint32_t kBase = 36;
constexpr uint32_t kTMin = 1;
constexpr uint32_t kTMax = 26;
constexpr uint32_t kSkew = 38;
constexpr uint32_t kDamp = 700;
constexpr uint32_t kInitialBias = 72;
constexpr uint32_t kInitialN = 0x80;

char Digit(uint32_t value) { return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26)); }

uint32_t Adapt(uint32_t delta, uint32_t points, bool is_first) {
  delta /= is_first ? kDamp : 2;
  delta += delta / points;
  uint32_t k = 0;
  for (; delta > ((kBase - kTMin) * kTMax) / 2; k += kBase) delta /= kBase - kTMin;
  return k + (kBase - kTMin + 1) * delta / (delta + kSkew);
}

void AppendInteger(uint32_t number, uint32_t bias, std::string& text) {
  for (uint32_t k = kBase;; k += kBase) {
    const uint32_t t = k <= bias ? kTMin : std::min(k - bias, kTMax);
    if (number < t) break;
    text += Digit(t + (number - t) % (kBase - t));
    number = (number - t) / (kBase - t);
  }
  text += Digit(number);
}

}  // namespace

// No number overflows: the largest difference is that of all code points, once for each of the 63.
std::string EncodePunycode(std::span<const uint32_t> code_points) {
  if (code_points.size() > kMaxPunycodeInput) std::abort();
  std::string text;
  for (const uint32_t c : code_points) {
    if (c < kInitialN) text += static_cast<char>(c);
  }
  const auto ascii = static_cast<uint32_t>(text.size());
  if (ascii > 0) text += '-';

  uint32_t delta = 0;
  uint32_t bias = kInitialBias;
  for (uint32_t n = kInitialN, done = ascii; done < code_points.size(); ++n, ++delta) {
    uint32_t next = std::numeric_limits<uint32_t>::max();
    for (const uint32_t c : code_points) next = c >= n ? std::min(next, c) : next;
    delta += (next - n) * (done + 1);
    n = next;
    for (const uint32_t c : code_points) {
      if (c < n) ++delta;
      if (c != n) continue;
      AppendInteger(delta, bias, text);
      ++done;
      bias = Adapt(delta, done, done == ascii + 1);
      delta = 0;
    }
  }
  return text;
}

}  // namespace page_count
