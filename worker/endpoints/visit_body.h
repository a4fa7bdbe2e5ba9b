// Reads the bodies of POST /visit and POST /bulk-visits: which pages were visited, and where the visitor came from.
#ifndef PAGE_COUNT_ENDPOINTS_VISIT_BODY_H_
#define PAGE_COUNT_ENDPOINTS_VISIT_BODY_H_

#include <string>
#include <string_view>
#include <vector>

#include "worker/base/result.h"
#include "worker/http/json.h"
#include "worker/http/request.h"
#include "worker/http/response.h"
#include "worker/visits/tracked_url.h"

namespace page_count {

enum class BodyType { kJson, kForm, kUnknown };
// By Content-Type; none at all is read as JSON.
BodyType TypeOfBody(const Request& request);

struct VisitInput {
  TrackedUrl url;
  std::string referrer = {};  // as it was sent; empty if it was not
};

Result<VisitInput, InvalidInput> ReadVisitBody(const Request& request, BodyType type);

// An entry of a bulk body: an object with a url, or the URL itself. The location of a problem starts at `location`.
Result<VisitInput, InvalidInput> ReadVisitEntry(const JsonValue& entry, const Location& location, bool may_be_text);

InvalidInput InvalidJson();

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_VISIT_BODY_H_
