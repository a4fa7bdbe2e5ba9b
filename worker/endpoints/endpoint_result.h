// What an endpoint makes of a request: a response at once, visits to be recorded first, a job for another thread, or
// the question whether the storage works.
#ifndef PAGE_COUNT_ENDPOINTS_ENDPOINT_RESULT_H_
#define PAGE_COUNT_ENDPOINTS_ENDPOINT_RESULT_H_

#include <functional>
#include <string>
#include <variant>

#include "worker/http/response.h"
#include "worker/ingest/storage_health.h"
#include "worker/ingest/visit_recorder.h"
#include "worker/store/visit_store.h"

namespace page_count {

// A response whose body is made chunk by chunk, as fast as its reader takes it.
struct StreamedResponse {
  Response head;  // without a body
  // Adds the next chunk of the body to the text, and returns whether there are more. Each call may be on another
  // thread, which brings its own store.
  std::function<bool(VisitStore&, std::string&)> next_chunk;
};

// What may take long: runs off the event loop, with a store of its own. Must not touch the request. If the storage
// fails the client gets 503, or an answer that is cut off.
struct BackgroundJob {
  // Each kind has threads of its own, so that what takes milliseconds does not wait for what takes minutes.
  enum class Kind { kFigures, kExport, kCleanup };

  std::function<std::variant<Response, StreamedResponse>(VisitStore&)> run;
  Kind kind = Kind::kFigures;
  StorageHealth::Use use = StorageHealth::Use::kRead;
};

// Whether visits can be recorded and read: answered within a moment, whatever else is running.
struct HealthQuestion {
  std::function<Response(bool is_healthy)> answer;
};

using EndpointResult = std::variant<Response, RecordVisits, BackgroundJob, HealthQuestion>;

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_ENDPOINT_RESULT_H_
