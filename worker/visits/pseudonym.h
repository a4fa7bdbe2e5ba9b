// The name of a client whose address is not kept: "hash-DE-0123456789abcdef" of one that was hashed when it visited,
// "expired-DE-0123456789abcdef" of one whose address was kept until it was too old.
//
// Between them stands the country that the address was in, as nobody can look it up any more: two letters of ISO
// 3166-1, left out if it is not known. No pseudonym is an address. Plain value, any thread. Reads bytes from strangers.
#ifndef PAGE_COUNT_VISITS_PSEUDONYM_H_
#define PAGE_COUNT_VISITS_PSEUDONYM_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace page_count {

struct Pseudonym {
  enum class Kind : uint8_t { kHash, kExpired };
  using Number = std::array<uint8_t, 8>;

  Kind kind = Kind::kHash;
  std::string country = {};
  Number number = {};

  // A country that is no two letters or digits is left out.
  [[nodiscard]] std::string Text() const;
  // nullopt unless Text spells it so.
  static std::optional<Pseudonym> Parse(std::string_view text);
};

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_PSEUDONYM_H_
