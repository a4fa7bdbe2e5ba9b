// Finds the endpoint of a request by path and method, and answers what no endpoint has to: 404, 405, preflights, HEAD.
//
// Routes on the path that nginx matched, so that no spelling of a path gets past nginx's guard. A Result is whatever
// endpoints return; a Response must be one. Filled once, then constant; any thread.
#ifndef PAGE_COUNT_HTTP_ROUTER_H_
#define PAGE_COUNT_HTTP_ROUTER_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/http/request.h"
#include "worker/http/response.h"

namespace page_count {

// What is known of a path beside its endpoints.
struct PathRules {
  enum class Visibility { kPublic, kPrivate };  // public paths answer preflights
  enum class Head { kAsGet, kNotAllowed };

  std::string path;  // one that ends in '/' and is longer names all paths below it
  Visibility visibility = Visibility::kPrivate;
  Head head = Head::kAsGet;

  bool Matches(std::string_view requested) const;
  // The method whose endpoint serves a request: HEAD is served as GET if that is allowed.
  std::string_view MethodFor(std::string_view requested) const;
};

Response NotFound();
// The answer to a method without an endpoint: to a preflight what it asks for, to any other 405.
Response WithoutEndpoint(const PathRules& rules, std::string_view requested, const std::vector<std::string>& methods);

template <typename Result>
class Router {
 public:
  using Endpoint = std::function<Result(const Request&)>;
  struct Method {
    std::string name;
    Endpoint endpoint;
  };

  void Add(PathRules rules, std::vector<Method> methods) { routes_.push_back({std::move(rules), std::move(methods)}); }

  Result Handle(const Request& request) const {
    for (const auto& [rules, methods] : routes_) {
      if (!rules.Matches(request.path)) continue;
      const std::string_view wanted = rules.MethodFor(request.method);
      std::vector<std::string> names;
      for (const Method& method : methods) {
        if (method.name == wanted) return method.endpoint(request);
        names.push_back(method.name);
      }
      return WithoutEndpoint(rules, request.method, names);
    }
    return NotFound();
  }

 private:
  struct Route {
    PathRules rules;
    std::vector<Method> methods;
  };

  std::vector<Route> routes_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_HTTP_ROUTER_H_
