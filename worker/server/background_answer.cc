#include "worker/server/background_answer.h"

#include <utility>
#include <variant>

#include "worker/base/log.h"

namespace page_count {

BackgroundAnswer::Part BackgroundAnswer::MakeNext(VisitStore& store, StorageHealth& storage_health) {
  Part part = next_piece_ ? MakePiece(store, storage_health) : MakeFirst(store, storage_health);
  if (part.is_last) next_piece_ = nullptr;  // frees what it holds, which may be much, on this thread
  return part;
}

BackgroundAnswer::Part BackgroundAnswer::MakeFirst(VisitStore& store, StorageHealth& storage_health) {
  Part part;
  const auto run = std::move(job_.run);  // and freed, with what it holds
  const bool works = storage_health.Run(job_.use, [&] {
    auto result = run(store);
    if (auto* whole = std::get_if<Response>(&result)) {
      part.response = std::move(*whole);
      return;
    }
    auto& streamed = std::get<StreamedResponse>(result);
    part.response = std::move(streamed.head);
    part.is_last = !streamed.next_piece(store, part.response->body);
    next_piece_ = std::move(streamed.next_piece);
  });
  if (!works) part.response = StorageUnavailable();
  return part;
}

BackgroundAnswer::Part BackgroundAnswer::MakePiece(VisitStore& store, StorageHealth& storage_health) {
  Part part;
  const bool works = storage_health.Run(job_.use, [&] {
    try {
      part.is_last = !next_piece_(store, part.piece);
    } catch (const StoreError& error) {
      LogLine(std::string("an answer is cut off: ") + error.what());
      throw;
    }
  });
  if (!works) part.is_cut_off = true;
  return part;
}

}  // namespace page_count
