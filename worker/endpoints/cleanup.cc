#include <limits>

#include "worker/endpoints/endpoints.h"
#include "worker/http/json.h"
#include "worker/http/query_string.h"

namespace page_count {
namespace {

constexpr int64_t kDefaultDays = 30;
constexpr int64_t kMaxDays = 36'500;

}  // namespace

// DELETE /cleanup: removes visits older than so many days from every figure.
EndpointResult DeleteCleanup(const Request& request, const Service& service) {
  const auto days = QueryString(request.query).ReadInteger("days", std::numeric_limits<int64_t>::min(), kMaxDays);
  if (!days) return UnprocessableEntity(days.error());
  if (days->value_or(kDefaultDays) < 1) return Error(400, "Days must be at least 1");

  const UtcTime now = std::chrono::floor<std::chrono::seconds>(service.now());
  const UtcTime cutoff = std::max(now - std::chrono::days(days->value_or(kDefaultDays)), UtcTime());
  const auto run = [cutoff](StoreAdmin& store) {
    JsonWriter json;
    json.StartObject();
    json.Member("status", "completed");
    json.Member("deleted_visits", store.PruneBefore(cutoff));
    json.Member("cutoff_date", FormatIso(cutoff));
    json.EndObject();
    return Ok(json.Take());
  };
  return BackgroundJob{.run = run, .kind = BackgroundJob::Kind::kCleanup, .use = StorageHealth::Use::kWrite};
}

}  // namespace page_count
