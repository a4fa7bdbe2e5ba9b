// Blocks of IP addresses: "192.0.2.0/24, 2001:db8::/32, 198.51.100.7".
//
// An IPv4 address that is mapped into IPv6 is the IPv4 one, in a block as well as among the addresses looked for;
// no block of IPv6, not even ::/0, has IPv4 addresses.
// Immutable, any thread. Contains reads bytes from strangers and never throws on them.
#ifndef PAGE_COUNT_VISITS_CIDR_LIST_H_
#define PAGE_COUNT_VISITS_CIDR_LIST_H_

#include <string>
#include <string_view>
#include <vector>

#include "worker/base/result.h"
#include "worker/visits/ip_bytes.h"

namespace page_count {

// What is wrong with a list; fit to be shown to the operator.
struct CidrError {
  std::string message;
};

class CidrList {
 public:
  // Of blocks and addresses between commas, blanks around them or not; of an empty text the empty list. A block with
  // bits set behind its prefix, like 192.0.2.1/24, is refused: it may be a slip of the pen for the address alone.
  [[nodiscard]] static Result<CidrList, CidrError> Parse(std::string_view text);

  bool empty() const { return blocks_.empty(); }
  // Of a text that is no address: false.
  bool Contains(std::string_view ip) const;

 private:
  struct Block {
    IpBytes network;
    int prefix_bits;  // of the 128
  };
  [[nodiscard]] static Result<Block, CidrError> ParseBlock(std::string_view text);

  std::vector<Block> blocks_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_CIDR_LIST_H_
