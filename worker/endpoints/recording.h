// What the recording endpoints have in common: who is visiting, what is said of the visit, and the image that a page
// shows.
#ifndef PAGE_COUNT_ENDPOINTS_RECORDING_H_
#define PAGE_COUNT_ENDPOINTS_RECORDING_H_

#include "worker/endpoints/endpoints.h"
#include "worker/endpoints/visit_input.h"
#include "worker/http/json.h"
#include "worker/http/request.h"
#include "worker/http/response.h"
#include "worker/visits/visit.h"

namespace page_count {

// The visit of whoever sent the request, to the page that it counts for, with what is kept of the address.
Visit VisitBy(const Request& request, const Service& service, VisitInput input);

// The members by which a JSON answer says that a visit was recorded, now or before.
void WriteRecorded(JsonWriter& json, const Visit& visit, const Receipt& receipt);

// The response with a 1x1 transparent GIF as its body, whatever the status: a page never shows a broken image.
Response AsPixel(Response response);

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_RECORDING_H_
