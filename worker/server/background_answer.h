// The answer of a BackgroundJob, made part by part on the threads of a pool.
//
// Knows no connection: each part is a value that the event loop sends. One thread at a time calls MakeNext, with its
// own store. Between parts nothing of the storage is held: no snapshot, no lock, no thread. What is no StoreError
// passes through.
#ifndef PAGE_COUNT_SERVER_BACKGROUND_ANSWER_H_
#define PAGE_COUNT_SERVER_BACKGROUND_ANSWER_H_

#include <functional>
#include <optional>
#include <string>

#include "worker/endpoints/endpoint_result.h"
#include "worker/ingest/storage_health.h"

namespace page_count {

class BackgroundAnswer {
 public:
  explicit BackgroundAnswer(BackgroundJob job) : job_(std::move(job)) {}

  struct Part {
    std::optional<Response> response;  // the first part; its body is the whole, or the first chunk if there are more
    std::string chunk;                 // a later part
    bool is_last = true;
    bool is_cut_off = false;  // the storage has failed half-way, which the client must see
  };
  // Not after the last part.
  Part MakeNext(VisitStore& store, StorageHealth& storage_health);

 private:
  Part MakeFirst(VisitStore& store, StorageHealth& storage_health);
  Part MakeChunk(VisitStore& store, StorageHealth& storage_health);

  BackgroundJob job_;
  std::function<bool(VisitStore&, std::string&)> next_chunk_;  // set once a streamed answer has begun
};

}  // namespace page_count

#endif  // PAGE_COUNT_SERVER_BACKGROUND_ANSWER_H_
