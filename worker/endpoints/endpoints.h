// The endpoints of the HTTP contract, one file each, and what they are handed.
//
// Each reads a request, decides, and answers; none knows FastCGI, SQL or a clock of its own. Called on the event loop's
// thread; what they defer runs on another.
#ifndef PAGE_COUNT_ENDPOINTS_ENDPOINTS_H_
#define PAGE_COUNT_ENDPOINTS_ENDPOINTS_H_

#include <functional>

#include "worker/endpoints/answer.h"
#include "worker/http/request.h"
#include "worker/http/router.h"
#include "worker/limit/admission.h"

namespace page_count {

// Borrowed for as long as requests are answered.
struct Service {
  Admission& admission;
  std::function<UtcTime()> now;
};

Answer GetRoot(const Request& request, const Service& service);
Answer PostVisit(const Request& request, const Service& service);
Answer PostBulkVisits(const Request& request, const Service& service);
Answer GetPixel(const Request& request, const Service& service);
Answer GetSummary(const Request& request, const Service& service);
Answer GetSiteStats(const Request& request, const Service& service);
Answer GetPageStats(const Request& request, const Service& service);
Answer GetAllVisits(const Request& request, const Service& service);
Answer DeleteCleanup(const Request& request, const Service& service);
Answer GetHealth(const Request& request, const Service& service);

// All of them under their paths.
Router<Answer> MakeRouter(const Service& service);

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_ENDPOINTS_H_
