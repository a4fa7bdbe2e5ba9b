#include "worker/commands/open_limiter.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <string>
#include <system_error>

#include "worker/commands/remedy.h"
#include "worker/limit/rate_table_file.h"
#include "worker/limit/shared_rate_table.h"

namespace page_count {
namespace {

bool WantsRoom(int error) {
  constexpr std::array<int, 4> kErrors = {ENOSPC, EDQUOT, EFBIG, ENOMEM};
  return std::find(kErrors.begin(), kErrors.end(), error) != kErrors.end();
}

uint32_t VisitsPerKey(const Settings& settings) { return std::max(settings.visit_limit, settings.bulk_limit); }

// What is in the way of the rate table: the lock beside it, or the folder.
std::string RateTableObstacle(const Settings& settings) {
  const std::string lock = settings.rate_table + ".lock";
  const bool lock_is_another_users = access(lock.c_str(), R_OK | W_OK) != 0 && errno == EACCES;
  return lock_is_another_users ? lock : FolderOf(settings.rate_table);
}

// Says what to change if a use of the rate table's file fails.
template <typename Use>
auto UseRateTable(const Settings& settings, const Use& use) {
  try {
    return use();
  } catch (const std::system_error& error) {
    const std::string remedy = WantsRoom(error.code().value())
                                   ? "make room in " + FolderOf(settings.rate_table) + ", lower `rate-keys` (" +
                                         std::to_string(settings.rate_keys) +
                                         ") or the larger of `visit-limit` and `bulk-limit` (" +
                                         std::to_string(VisitsPerKey(settings)) + "), or change `rate-table`"
                                   : Remedy(error.code().value(), RateTableObstacle(settings), "rate-table");
    throw UnfitSettings(std::string("cannot make the rate table: ") + error.what() + "; " + remedy);
  }
}

}  // namespace

std::unique_ptr<RateLimiter> OpenLimiter(const Settings& settings) {
  SharedRateTable::Options options;
  options.path = settings.rate_table;
  options.keys = settings.rate_keys;
  options.visits_per_key = VisitsPerKey(settings);
  options.window = std::chrono::seconds(settings.rate_window);
  return UseRateTable(settings,
                      [&options]() -> std::unique_ptr<RateLimiter> { return SharedRateTable::Open(options); });
}

void CheckLimiter(const Settings& settings) {
  UseRateTable(settings, [&settings] {
    RateTableFile::RequireRoom(settings.rate_table, settings.rate_keys, VisitsPerKey(settings));
  });
}

}  // namespace page_count
