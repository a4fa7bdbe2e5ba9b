// The contract's rate limit: which limit holds for which way of recording, and who counts as one client.
//
// An IPv6 client is its prefix (a household gets a /64), an IPv4 one its address, also where it is written as IPv6.
// Borrows the limiter; any thread.
#ifndef PAGE_COUNT_LIMIT_ADMISSION_H_
#define PAGE_COUNT_LIMIT_ADMISSION_H_

#include <string>
#include <string_view>

#include "worker/limit/rate_limiter.h"
#include "worker/visits/tracked_url.h"

namespace page_count {

// The text under which a client's visits are limited. An address that is none is its own key.
std::string ClientKey(std::string_view ip, int ipv6_prefix_bits);

class Admission {
 public:
  struct Limits {
    uint32_t single = 10;  // visits a window through /visit, / and /pixel.gif
    uint32_t bulk = 20;    // through /bulk-visits
    int ipv6_prefix_bits = 64;
  };
  enum class Source { kSingle, kBulk };

  Admission(RateLimiter& limiter, const Limits& limits) : limiter_(limiter), limits_(limits) {}

  [[nodiscard]] RateLimiter::Decision Admit(std::string_view ip, const TrackedUrl& url, Source source);
  // The admitted visit could not be recorded: it does not count.
  void Refund(std::string_view ip, const TrackedUrl& url);

 private:
  RateLimiter& limiter_;
  Limits limits_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_LIMIT_ADMISSION_H_
