// Finds the endpoint of a request by path and method, and answers what no endpoint has to: 404, 405, preflights, HEAD.
//
// Routes on the path that nginx matched, so that no spelling of a path gets past nginx's guard. Filled once, then
// constant; any thread.
#ifndef PAGE_COUNT_HTTP_ROUTER_H_
#define PAGE_COUNT_HTTP_ROUTER_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/http/answer.h"
#include "worker/http/request.h"

namespace page_count {

using Endpoint = std::function<Answer(const Request&)>;

struct Route {
  enum class Visibility { kPublic, kPrivate };  // public paths answer preflights
  enum class Head { kAsGet, kNotAllowed };
  struct Method {
    std::string name;
    Endpoint endpoint;
  };

  std::string path;  // one that ends in '/' and is longer stands for all paths below it
  Visibility visibility = Visibility::kPrivate;
  Head head = Head::kAsGet;
  std::vector<Method> methods;
};

class Router {
 public:
  void Add(Route route) { routes_.push_back(std::move(route)); }
  Answer Handle(const Request& request) const;

 private:
  const Route* Find(std::string_view path) const;

  std::vector<Route> routes_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_HTTP_ROUTER_H_
