// What the recording endpoints have in common: who is visiting, what a browser wants to see, and one visit's way to its
// answer.
#ifndef PAGE_COUNT_ENDPOINTS_RECORDING_ANSWERS_H_
#define PAGE_COUNT_ENDPOINTS_RECORDING_ANSWERS_H_

#include <string_view>

#include "worker/endpoints/endpoints.h"

namespace page_count {

// A visit to the page by whoever sent the request.
Visit VisitBy(const Request& request, TrackedUrl url);

// Whether the first media range of Accept is this one, as "text/html", or of this type, as "image/".
bool PrefersMediaType(const Request& request, std::string_view type);

// Admits one visit and has it recorded. `present` makes the response out of what would be answered as JSON, be it
// recorded or refused.
using AnswerRecorded = Response (*)(const Visit&, const Receipt&);
using Present = Response (*)(Response);
EndpointResult RecordOne(Visit visit, const Service& service, AnswerRecorded answer, Present present = nullptr);

// A 1x1 transparent GIF, whatever the status: a page never shows a broken image.
Response AsPixel(Response response);

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_RECORDING_ANSWERS_H_
