// What an endpoint makes of a request: a response at once, visits to be recorded first, or work for another thread.
#ifndef PAGE_COUNT_HTTP_ANSWER_H_
#define PAGE_COUNT_HTTP_ANSWER_H_

#include <functional>
#include <variant>

#include "worker/http/response.h"
#include "worker/store/outage.h"
#include "worker/store/visit_store.h"
#include "worker/visits/recording.h"

namespace page_count {

// What may take long (analytics, export, cleanup): runs off the event loop, with a store of its own. Must not touch the
// request. Where it throws, the client gets `unavailable`.
struct Deferred {
  std::function<Response(VisitStore&)> run;
  std::function<Response()> unavailable = StorageUnavailable;
  Outage::Use use = Outage::Use::kRead;
};

using Answer = std::variant<Response, Recording, Deferred>;

}  // namespace page_count

#endif  // PAGE_COUNT_HTTP_ANSWER_H_
