// What an endpoint makes of a request: a response at once, visits to be recorded first, work for another thread, or the
// question whether the storage works.
#ifndef PAGE_COUNT_ENDPOINTS_ANSWER_H_
#define PAGE_COUNT_ENDPOINTS_ANSWER_H_

#include <functional>
#include <variant>

#include "worker/http/response.h"
#include "worker/ingest/recording.h"
#include "worker/ingest/storage_health.h"
#include "worker/store/visit_store.h"

namespace page_count {

// What may take long: runs off the event loop, with a store of its own. Must not touch the request. Where it throws,
// the client gets `unavailable`.
struct Deferred {
  // Each kind has threads of its own, so that what takes milliseconds does not wait for what takes minutes.
  enum class Kind { kFigures, kExport, kCleanup };

  std::function<Response(VisitStore&)> run;
  Kind kind = Kind::kFigures;
  std::function<Response()> unavailable = StorageUnavailable;
  StorageHealth::Use use = StorageHealth::Use::kRead;
};

// Whether visits can be recorded and read: answered within a moment, whatever else is running.
struct HealthQuestion {
  std::function<Response(bool is_healthy)> answer;
};

using Answer = std::variant<Response, Recording, Deferred, HealthQuestion>;

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_ANSWER_H_
