// The contract's rate limit: which limit is for which way of recording.
//
// Borrows the limiter. Of the event loop's thread.
#ifndef PAGE_COUNT_LIMIT_ADMISSION_H_
#define PAGE_COUNT_LIMIT_ADMISSION_H_

#include <cstdint>
#include <span>

#include "worker/limit/rate_limiter.h"
#include "worker/visits/visit.h"

namespace page_count {

// A single visit comes through /visit, / and /pixel.gif, others through /bulk-visits.
enum class Limit { kSingle, kBulk };

class Admission {
 public:
  struct Settings {
    uint32_t single = 10;  // visits a window
    uint32_t bulk = 20;
    int ipv6_prefix_bits = 64;
  };

  Admission(RateLimiter& limiter, const Settings& settings) : limiter_(limiter), settings_(settings) {}

  // Decides on the visits, which are one client's, in their order. Does not use them after it has returned; calls
  // `on_decided` once, before or after that.
  void Admit(std::span<const Visit> visits, Limit limit, RateLimiter::OnDecided on_decided);
  // The visits, one client's, were admitted and could not be recorded: they do not count.
  void Refund(std::span<const Visit> visits);

 private:
  RateLimiter& limiter_;
  Settings settings_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_LIMIT_ADMISSION_H_
