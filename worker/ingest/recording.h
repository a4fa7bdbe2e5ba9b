// Visits that a request wants recorded, and what to answer it then.
//
// Made by an endpoint, carried out by the GroupCommit, which calls one of the two on the event loop's thread. The
// request is gone by then: the answers must not touch it.
#ifndef PAGE_COUNT_INGEST_RECORDING_H_
#define PAGE_COUNT_INGEST_RECORDING_H_

#include <functional>
#include <span>
#include <vector>

#include "worker/http/response.h"
#include "worker/visits/visit.h"

namespace page_count {

struct Recording {
  std::vector<Visit> visits;
  // Called once they are durable, a receipt a visit.
  std::function<Response(std::span<const Visit>, std::span<const Receipt>)> answer;
  // Called instead where they could not be recorded.
  std::function<Response(std::span<const Visit>)> answer_unavailable;
};

}  // namespace page_count

#endif  // PAGE_COUNT_INGEST_RECORDING_H_
