// The endpoints of the HTTP contract, one file each, and what they are handed.
//
// Each reads a request, decides, and answers; none knows FastCGI, SQL or a clock of its own. Called on the event loop's
// thread; what may take long runs on another.
#ifndef PAGE_COUNT_ENDPOINTS_ENDPOINTS_H_
#define PAGE_COUNT_ENDPOINTS_ENDPOINTS_H_

#include <functional>
#include <memory>

#include "worker/endpoints/endpoint_result.h"
#include "worker/endpoints/recording_policy.h"
#include "worker/http/request.h"
#include "worker/http/router.h"
#include "worker/visits/utc_time.h"
#include "worker/visits/visit.h"

namespace page_count {

struct Service {
  std::function<UtcTime()> now;
  std::shared_ptr<const RecordingPolicy> policy = std::make_shared<RecordingPolicy>();
  // Puts what is kept of it in the place of a visit's address.
  std::function<void(Visit&)> keep_address = [](Visit&) {};
};

EndpointResult GetRoot(const Request& request, const Service& service);
EndpointResult PostVisit(const Request& request, const Service& service);
EndpointResult PostBulkVisits(const Request& request, const Service& service);
EndpointResult GetPixel(const Request& request, const Service& service);
EndpointResult GetSummary(const Request& request, const Service& service);
EndpointResult GetSiteStats(const Request& request, const Service& service);
EndpointResult GetPageStats(const Request& request, const Service& service);
EndpointResult GetAllVisits(const Request& request, const Service& service);
EndpointResult GetQuery(const Request& request, const Service& service);
EndpointResult DeleteCleanup(const Request& request, const Service& service);
EndpointResult GetHealth(const Request& request, const Service& service);

// All of them under their paths.
Router<EndpointResult> MakeRouter(const Service& service);

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_ENDPOINTS_H_
