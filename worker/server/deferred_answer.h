// A deferred request under way: computes its response and sends it, piece by piece where it streams, and never waits
// for the reader.
//
// Borrows the connection and the StorageHealth. Whichever thread of a DeferredThreads has the time calls Continue, with
// its own store; one thread at a time. Between pieces nothing of the storage is held: no snapshot, no lock, no thread.
#ifndef PAGE_COUNT_SERVER_DEFERRED_ANSWER_H_
#define PAGE_COUNT_SERVER_DEFERRED_ANSWER_H_

#include <optional>
#include <string>

#include "worker/endpoints/answer.h"
#include "worker/ingest/storage_health.h"
#include "worker/server/fcgi_connection.h"

namespace page_count {

class DeferredAnswer {
 public:
  DeferredAnswer(Deferred deferred, bool without_body, FcgiConnection& connection, StorageHealth& storage_health);

  enum class Progress {
    kMore,     // there is a piece to be made: call again
    kStalled,  // call again once the socket takes more
    kDone,     // the answer is sent
    kOver,     // the connection is over
  };
  Progress Continue(VisitStore& store);

 private:
  Progress Begin(VisitStore& store);
  Progress MakeNext(VisitStore& store);
  Progress After(FcgiConnection::Sent sent);

  Deferred deferred_;
  bool without_body_;
  FcgiConnection& connection_;
  StorageHealth& storage_health_;
  std::optional<Response> response_;  // once it has begun, until it is over
  bool has_more_ = false;
  bool is_stalled_ = false;
};

}  // namespace page_count

#endif  // PAGE_COUNT_SERVER_DEFERRED_ANSWER_H_
