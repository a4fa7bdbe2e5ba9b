#include "worker/endpoints/endpoints.h"
#include "worker/http/json.h"

namespace page_count {
namespace {

std::string HealthJson(std::string_view status, UtcTime now, std::string_view database) {
  JsonWriter json;
  json.StartObject();
  json.Member("status", status);
  json.Member("timestamp", FormatIso(now));
  json.Member("database", database);
  json.EndObject();
  return json.Take();
}

}  // namespace

// GET /health: whether visits can be recorded and read.
Answer GetHealth(const Request&, const Service& service) {
  const auto healthy = [now = service.now](VisitStore& store) {
    store.Probe();
    return Ok(HealthJson("healthy", now(), "connected"));
  };
  const auto unhealthy = [now = service.now] {
    Response response = StorageUnavailable();
    response.body = HealthJson("unhealthy", now(), "unavailable");
    return response;
  };
  return Deferred{healthy, unhealthy, Outage::Use::kWrite};
}

}  // namespace page_count
