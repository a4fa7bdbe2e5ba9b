// Punycode (RFC 3492): what follows "xn--" in an A-label.
//
// Encodes only: A-labels are not judged. Pure function, any thread.
#ifndef PAGE_COUNT_VISITS_PUNYCODE_H_
#define PAGE_COUNT_VISITS_PUNYCODE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace page_count {

// More code points than this make a label that is too long for DNS; it also bounds the work, which grows with the
// square.
constexpr size_t kMaxPunycodeInput = 63;

// Of at most kMaxPunycodeInput code points. ASCII letters keep their case.
[[nodiscard]] std::string EncodePunycode(std::span<const uint32_t> code_points);

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_PUNYCODE_H_
