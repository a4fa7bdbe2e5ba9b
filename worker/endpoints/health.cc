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

// GET /health: whether visits can be recorded and read at the moment.
EndpointResult GetHealth(const Request&, const Service& service) {
  return HealthQuestion{[now = service.now](bool is_healthy) {
    if (is_healthy) return Ok(HealthJson("healthy", now(), "connected"));
    Response response = StorageUnavailable();
    response.body = HealthJson("unhealthy", now(), "unavailable");
    return response;
  }};
}

}  // namespace page_count
