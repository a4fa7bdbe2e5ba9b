#include "worker/server/deferred_answer.h"

#include <exception>
#include <utility>

#include "worker/base/log.h"

namespace page_count {

DeferredAnswer::DeferredAnswer(Deferred deferred, bool without_body, FcgiConnection& connection,
                               StorageHealth& storage_health)
    : deferred_(std::move(deferred)),
      without_body_(without_body),
      connection_(connection),
      storage_health_(storage_health) {}

DeferredAnswer::Progress DeferredAnswer::Continue(VisitStore& store) {
  if (!response_) return Begin(store);
  if (is_stalled_) return After(connection_.Resume());
  return MakeNext(store);
}

DeferredAnswer::Progress DeferredAnswer::Begin(VisitStore& store) {
  if (connection_.IsPeerGone()) return Progress::kOver;  // while the request waited for its turn
  std::string piece;
  const bool answered = storage_health_.Run(deferred_.use, [&] {
    Response response = deferred_.run(store);
    if (response.next_piece && !without_body_) has_more_ = response.next_piece(store, piece);
    response_ = std::move(response);
  });
  if (!answered) response_ = deferred_.unavailable();
  if (!response_->next_piece) return After(connection_.Send(*response_, without_body_));
  return After(connection_.SendFirst(*response_, piece, !has_more_));
}

DeferredAnswer::Progress DeferredAnswer::MakeNext(VisitStore& store) {
  std::string piece;
  const bool made = storage_health_.Run(deferred_.use, [&] {
    try {
      has_more_ = response_->next_piece(store, piece);
    } catch (const std::exception& error) {
      LogLine(std::string("an answer is cut off: ") + error.what());
      throw;
    }
  });
  if (!made) return After(FcgiConnection::Sent::kOver);  // which the client must see
  return After(connection_.SendNext(piece, !has_more_));
}

DeferredAnswer::Progress DeferredAnswer::After(FcgiConnection::Sent sent) {
  using enum FcgiConnection::Sent;
  is_stalled_ = sent == kPart;
  if (is_stalled_) return Progress::kStalled;
  if (sent == kAll && has_more_) return Progress::kMore;
  response_ = Response();  // frees what it holds, which may be much, on this thread
  return sent == kAll ? Progress::kDone : Progress::kOver;
}

}  // namespace page_count
