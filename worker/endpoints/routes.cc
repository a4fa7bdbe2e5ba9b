#include "worker/endpoints/endpoints.h"

namespace page_count {
namespace {

using Function = EndpointResult (*)(const Request&, const Service&);

Router<EndpointResult>::Method On(const char* method, Function function, const Service& service) {
  return {method, [function, service](const Request& request) { return function(request, service); }};
}

}  // namespace

Router<EndpointResult> MakeRouter(const Service& service) {
  using enum PathRules::Visibility;
  using enum PathRules::Head;
  Router<EndpointResult> router;
  router.Add({"/", kPublic, kNotAllowed}, {On("GET", GetRoot, service)});
  router.Add({"/visit", kPublic, kNotAllowed}, {On("POST", PostVisit, service)});
  router.Add({"/bulk-visits", kPublic, kNotAllowed}, {On("POST", PostBulkVisits, service)});
  router.Add({"/pixel.gif", kPublic, kNotAllowed}, {On("GET", GetPixel, service)});
  router.Add({"/health", kPublic, kAsGet}, {On("GET", GetHealth, service)});
  router.Add({"/summary", kPrivate, kAsGet}, {On("GET", GetSummary, service)});
  router.Add({"/stats", kPrivate, kAsGet}, {On("GET", GetSiteStats, service)});
  router.Add({"/stats/", kPrivate, kAsGet}, {On("GET", GetPageStats, service)});
  router.Add({"/all-visits", kPrivate, kAsGet}, {On("GET", GetAllVisits, service)});
  router.Add({"/query", kPrivate, kAsGet}, {On("GET", GetQuery, service)});
  router.Add({"/cleanup", kPrivate, kNotAllowed}, {On("DELETE", DeleteCleanup, service)});
  return router;
}

}  // namespace page_count
