// Reads what a client says of a visit, in a body of POST /visit or POST /bulk-visits or in a query: which page was
// visited, what its title is, where the visitor came from, and by which id the visit is known if it is sent again.
#ifndef PAGE_COUNT_ENDPOINTS_VISIT_INPUT_H_
#define PAGE_COUNT_ENDPOINTS_VISIT_INPUT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/base/result.h"
#include "worker/http/json.h"
#include "worker/http/query_string.h"
#include "worker/http/request.h"
#include "worker/http/response.h"
#include "worker/visits/tracked_url.h"
#include "worker/visits/utc_time.h"

namespace page_count {

enum class BodyType { kJson, kForm, kUnknown };
// By Content-Type; none at all is read as JSON.
BodyType TypeOfBody(const Request& request);

struct VisitInput {
  TrackedUrl url;
  // As they were sent; empty if they were not.
  std::string referrer = {};
  std::string title = {};
  std::string request_id = {};               // see request_id.h
  std::optional<UtcTime> at = std::nullopt;  // of a visit of the past
};

Result<VisitInput, InvalidInput> ReadVisitBody(const Request& request, BodyType type);

// An entry of a bulk body: an object with a url, or the URL itself. The location of a problem starts at `location`.
Result<VisitInput, InvalidInput> ReadVisitEntry(const JsonValue& entry, const Location& location, bool may_be_text);

// When the visit of a bulk body's entry was, if it says so: in the last 7 days, or a minute ahead of the clock at most.
Result<std::optional<UtcTime>, InvalidInput> ReadTimestamp(const JsonValue& entry, const Location& location,
                                                           UtcTime now);

// Of a visit to `url`, what the query of a GET says.
Result<VisitInput, InvalidInput> ReadVisitQuery(TrackedUrl url, const QueryString& query);

InvalidInput InvalidJson();

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_VISIT_INPUT_H_
