#include "worker/http/router.h"

namespace page_count {
namespace {

Response Preflight() {
  Response response;
  response.status = 204;
  response.content_type = {};
  response.headers = {{"Access-Control-Allow-Methods", "GET, POST, OPTIONS"},
                      {"Access-Control-Allow-Headers", "Content-Type"},
                      {"Access-Control-Max-Age", "86400"}};
  return response;
}

}  // namespace

bool PathRules::Matches(std::string_view requested) const {
  if (path.size() > 1 && path.back() == '/') return requested.starts_with(path);
  return requested == path;
}

std::string_view PathRules::MethodFor(std::string_view requested) const {
  return requested == "HEAD" && head == Head::kAsGet ? "GET" : requested;
}

Response NotFound() { return Error(404, "Not Found"); }

Response WithoutEndpoint(const PathRules& rules, std::string_view requested, const std::vector<std::string>& methods) {
  const bool is_public = rules.visibility == PathRules::Visibility::kPublic;
  if (requested == "OPTIONS" && is_public) return Preflight();
  std::string allowed;
  for (const std::string& method : methods) {
    allowed += allowed.empty() ? method : ", " + method;
    if (method == "GET" && rules.head == PathRules::Head::kAsGet) allowed += ", HEAD";
  }
  if (is_public) allowed += ", OPTIONS";
  Response response = Error(405, "Method Not Allowed");
  response.headers.emplace_back("Allow", allowed);
  return response;
}

}  // namespace page_count
