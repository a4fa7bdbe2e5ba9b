// Decides whether visits by clients to pages may be recorded now.
//
// A rolling window per key: a visit counts until it is as old as the window. All visits of a key are in one log,
// whatever endpoint they came through, so limits of different size see each other's visits. The log is shared by all
// workers. An engine decides at once (a table in memory), or later (a server that is asked over a socket).
// A limiter that cannot decide says so by its verdict and throws nothing.
#ifndef PAGE_COUNT_LIMIT_RATE_LIMITER_H_
#define PAGE_COUNT_LIMIT_RATE_LIMITER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

namespace page_count {

// Who visits what: the client's key (an IPv4 address or an IPv6 prefix) and the page's canonical URL.
struct RateKey {
  std::string_view client;
  std::string_view page;
};

class RateLimiter {
 public:
  enum class Verdict { kAdmitted, kRefused, kUnavailable };
  struct Decision {
    Verdict verdict;
    // If refused: how long until this same request would be admitted, if no other came. Positive.
    std::chrono::milliseconds retry_after{0};
  };
  // One decision a key, in their order.
  using OnDecided = std::function<void(std::span<const Decision>)>;

  virtual ~RateLimiter() = default;

  // For each key in turn: admits (and logs) a visit if fewer than `visits` are in the key's window; a refused visit
  // does not count. Calls `on_decided` once: before it returns, or later on the event loop's thread. Does not use
  // `keys` after it has returned.
  // If there is no room for a further key, the one with the fewest visits goes: a flood of other keys does not free a
  // key that is being refused.
  virtual void Admit(std::span<const RateKey> keys, uint32_t visits, OnDecided on_decided) = 0;

  // For each key: takes one visit just admitted back out of the log, because it could not be recorded.
  virtual void Refund(std::span<const RateKey> keys) = 0;
};

}  // namespace page_count

#endif  // PAGE_COUNT_LIMIT_RATE_LIMITER_H_
