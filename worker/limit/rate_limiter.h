// Decides whether one more visit by a client to a page may be recorded now.
//
// A rolling window per key: a visit counts until it is `window` old. All visits of a key stand in one log, whatever
// endpoint they came through, so limits of different size see each other's visits. Implementations may be called from
// any thread and are shared by all workers.
#ifndef PAGE_COUNT_LIMIT_RATE_LIMITER_H_
#define PAGE_COUNT_LIMIT_RATE_LIMITER_H_

#include <chrono>
#include <cstdint>
#include <string_view>

namespace page_count {

// Who visits what: the client's key (an IPv4 address or an IPv6 prefix) and the page's canonical URL.
struct RateKey {
  std::string_view client;
  std::string_view page;
};

class RateLimiter {
 public:
  struct Decision {
    bool admitted;
    // Where refused: how long until this same request would be admitted, if no other came. Positive.
    std::chrono::milliseconds retry_after;
  };

  virtual ~RateLimiter() = default;

  // Admits (and logs) the visit if fewer than `visits` are in the key's window; a refused visit does not count. If
  // there is no room for a further key, the one with the fewest visits goes: a flood of other keys does not free a key
  // that is being refused.
  [[nodiscard]] virtual Decision Admit(const RateKey& key, uint32_t visits) = 0;

  // Takes one visit just admitted back out of the log: it could not be recorded.
  virtual void Refund(const RateKey& key) = 0;
};

}  // namespace page_count

#endif  // PAGE_COUNT_LIMIT_RATE_LIMITER_H_
