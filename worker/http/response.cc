#include "worker/http/response.h"

#include <algorithm>

#include "worker/http/json.h"

namespace page_count {
namespace {

constexpr std::string_view kStorageRetrySeconds = "5";
constexpr std::string_view kBusyRetrySeconds = "5";

void WriteLocation(JsonWriter& json, const Location& location) {
  json.StartArray();
  for (const auto& step : location) {
    if (const auto* name = std::get_if<std::string>(&step)) {
      json.String(*name);
    } else {
      json.Int(static_cast<int64_t>(std::get<size_t>(step)));
    }
  }
  json.EndArray();
}

}  // namespace

Response Ok(std::string json) {
  Response response;
  response.body = std::move(json);
  return response;
}

Response Error(int status, std::string_view detail) {
  JsonWriter json;
  json.StartObject();
  json.Member("detail", detail);
  json.EndObject();
  Response response = Ok(json.Take());
  response.status = status;
  return response;
}

Response UnprocessableEntity(std::span<const InvalidInput> problems) {
  JsonWriter json;
  json.StartObject();
  json.Key("detail");
  json.StartArray();
  for (const InvalidInput& problem : problems) {
    json.StartObject();
    json.Key("loc");
    WriteLocation(json, problem.location);
    json.Member("msg", problem.message);
    json.Member("type", problem.type);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
  Response response = Ok(json.Take());
  response.status = 422;
  return response;
}

Response UnprocessableEntity(const InvalidInput& problem) { return UnprocessableEntity(std::span(&problem, 1)); }

Response UnsupportedMediaType(std::string_view accepted) {
  return Error(415, "Unsupported Media Type, send " + std::string(accepted));
}

Response PayloadTooLarge(size_t limit_bytes) {
  return Error(413, "Request body too large (max " + std::to_string(limit_bytes) + " bytes)");
}

Response TooManyRequests(std::chrono::milliseconds retry_after) {
  const auto seconds = std::max(std::chrono::ceil<std::chrono::seconds>(retry_after), std::chrono::seconds(1));
  Response response = Error(429, "Too many requests, please try again later");
  response.headers.emplace_back("Retry-After", std::to_string(seconds.count()));
  return response;
}

Response StorageUnavailable() {
  Response response = Error(503, "Storage unavailable, please try again later");
  response.headers.emplace_back("Retry-After", kStorageRetrySeconds);
  return response;
}

Response TooBusy() {
  Response response = Error(503, "Too many such requests are under way, please try again later");
  response.headers.emplace_back("Retry-After", kBusyRetrySeconds);
  return response;
}

}  // namespace page_count
