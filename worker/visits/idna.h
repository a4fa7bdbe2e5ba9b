// An international host name as the A-labels that browsers make of it: UTS 46, nontransitional, with CheckJoiners and
// without CheckHyphens, UseSTD3ASCIIRules and VerifyDnsLength. CheckBidi is left out: browsers differ in it, and a name
// that none of them opens is nobody else's.
//
// The same name has the same A-labels on every Debian, whatever Unicode its libunistring knows (12: 14, 13: 16). What
// is newer stays as it is, if that is what browsers make of it; the few characters that have to be mapped, composed or
// reordered are refused: their host is to be written in A-labels, which browsers do by themselves. A test goes through
// every character, and fails with a libunistring whose Unicode asks for more of them (idna.cc, kNewer).
//
// Pure function, any thread. Reads bytes from strangers.
#ifndef PAGE_COUNT_VISITS_IDNA_H_
#define PAGE_COUNT_VISITS_IDNA_H_

#include <optional>
#include <string>
#include <string_view>

namespace page_count {

// Of a name in UTF-8 that has other than ASCII characters; nullopt if it is not UTF-8 or not valid. A label that is
// ASCII, mapped or from the start, is lower-cased and not judged: it may be empty, too long, an A-label or have any
// character.
[[nodiscard]] std::optional<std::string> HostNameInALabels(std::string_view name);

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_IDNA_H_
