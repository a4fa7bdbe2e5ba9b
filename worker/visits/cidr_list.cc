#include "worker/visits/cidr_list.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace page_count {
namespace {

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<int> ParseBits(std::string_view digits, int most) {
  int bits = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, bits);
  if (error != std::errc() || stop != end || bits < 0 || bits > most) return std::nullopt;
  return bits;
}

CidrError Wrong(std::string_view block, std::string_view why) {
  return {std::string("\"").append(block).append("\" ").append(why)};
}

}  // namespace

Result<CidrList::Block, CidrError> CidrList::ParseBlock(std::string_view text) {
  const size_t slash = text.find('/');
  const std::string_view ip = text.substr(0, slash);
  const auto address = ip.find('%') == ip.npos ? ParseIp(ip) : std::nullopt;
  if (!address) return Wrong(text, "is no IP address or block; write it like 192.0.2.0/24 or 2001:db8::1");
  if (slash == text.npos) return Block{*address, IpBytes::kIpv6Bits};
  const int bits_before = ip.find(':') == ip.npos ? IpBytes::kMappedBits : 0;
  const auto bits = ParseBits(text.substr(slash + 1), IpBytes::kIpv6Bits - bits_before);
  if (!bits) {
    return Wrong(text, "has no prefix length; write 0 to 32 after the / of an IPv4 block, 0 to 128 of an IPv6 one");
  }
  const Block block{*address, bits_before + *bits};
  if (NetworkOf(block.network, block.prefix_bits) != block.network) {
    return Wrong(text, "has bits set behind its prefix; write the block's first address, or the address without the /");
  }
  return block;
}

Result<CidrList, CidrError> CidrList::Parse(std::string_view text) {
  CidrList list;
  if (Trimmed(text).empty()) return list;
  for (size_t start = 0; start <= text.size();) {
    const size_t end = std::min(text.find(',', start), text.size());
    auto block = ParseBlock(Trimmed(text.substr(start, end - start)));
    if (!block) return block.error();
    list.blocks_.push_back(*block);
    start = end + 1;
  }
  return list;
}

bool CidrList::Contains(std::string_view ip) const {
  if (blocks_.empty()) return false;
  const auto address = ParseIp(ip);
  return address && std::any_of(blocks_.begin(), blocks_.end(), [&](const Block& block) {
           return NetworkOf(*address, block.prefix_bits) == block.network;
         });
}

}  // namespace page_count
