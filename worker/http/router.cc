#include "worker/http/router.h"

namespace page_count {
namespace {

bool IsAnsweredBy(const Route& route, std::string_view path) {
  if (route.path.size() > 1 && route.path.back() == '/') return path.starts_with(route.path);
  return path == route.path;
}

Response Preflight() {
  Response response;
  response.status = 204;
  response.content_type = {};
  response.headers = {{"Access-Control-Allow-Methods", "GET, POST, OPTIONS"},
                      {"Access-Control-Allow-Headers", "Content-Type"},
                      {"Access-Control-Max-Age", "86400"}};
  return response;
}

Response MethodNotAllowed(const Route& route) {
  std::string allowed;
  for (const auto& method : route.methods) {
    allowed += allowed.empty() ? method.name : ", " + method.name;
    if (method.name == "GET" && route.head == Route::Head::kAsGet) allowed += ", HEAD";
  }
  if (route.visibility == Route::Visibility::kPublic) allowed += ", OPTIONS";
  Response response = Error(405, "Method Not Allowed");
  response.headers.emplace_back("Allow", allowed);
  return response;
}

}  // namespace

const Route* Router::Find(std::string_view path) const {
  for (const Route& route : routes_) {
    if (IsAnsweredBy(route, path)) return &route;
  }
  return nullptr;
}

Answer Router::Handle(const Request& request) const {
  const Route* route = Find(request.path);
  if (route == nullptr) return Error(404, "Not Found");
  const bool head_as_get = request.method == "HEAD" && route->head == Route::Head::kAsGet;
  const std::string_view wanted = head_as_get ? "GET" : request.method;
  for (const auto& method : route->methods) {
    if (method.name == wanted) return method.endpoint(request);
  }
  if (request.method == "OPTIONS" && route->visibility == Route::Visibility::kPublic) return Preflight();
  return MethodNotAllowed(*route);
}

}  // namespace page_count
