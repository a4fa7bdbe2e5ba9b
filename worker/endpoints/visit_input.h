// Reads what a client says of a visit, in a body of POST /visit or POST /bulk-visits or in a query: which page was
// visited, what its title is, where the visitor came from, and by which id the visit is known if it is sent again.
#ifndef PAGE_COUNT_ENDPOINTS_VISIT_INPUT_H_
#define PAGE_COUNT_ENDPOINTS_VISIT_INPUT_H_

#include <string>
#include <string_view>
#include <vector>

#include "worker/base/result.h"
#include "worker/http/json.h"
#include "worker/http/query_string.h"
#include "worker/http/request.h"
#include "worker/http/response.h"
#include "worker/visits/tracked_url.h"

namespace page_count {

enum class BodyType { kJson, kForm, kUnknown };
// By Content-Type; none at all is read as JSON.
BodyType TypeOfBody(const Request& request);

struct VisitInput {
  TrackedUrl url;
  // As they were sent; empty if they were not.
  std::string referrer = {};
  std::string title = {};
  std::string request_id = {};  // see request_id.h
};

Result<VisitInput, InvalidInput> ReadVisitBody(const Request& request, BodyType type);

// An entry of a bulk body: an object with a url, or the URL itself. The location of a problem starts at `location`.
Result<VisitInput, InvalidInput> ReadVisitEntry(const JsonValue& entry, const Location& location, bool may_be_text);

// Of a visit to `url`, what the query of a GET says.
Result<VisitInput, InvalidInput> ReadVisitQuery(TrackedUrl url, const QueryString& query);

InvalidInput InvalidJson();

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_VISIT_INPUT_H_
