// The rate limiter that the settings name: the one place that knows which engines there are.
//
// Both throw UnfitSettings with the system's reason and what to change.
#ifndef PAGE_COUNT_COMMANDS_OPEN_LIMITER_H_
#define PAGE_COUNT_COMMANDS_OPEN_LIMITER_H_

#include <memory>

#include "worker/commands/settings.h"
#include "worker/limit/rate_limiter.h"

namespace page_count {

std::unique_ptr<RateLimiter> OpenLimiter(const Settings& settings);

// Throws if OpenLimiter would. Changes nothing.
void CheckLimiter(const Settings& settings);

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_OPEN_LIMITER_H_
