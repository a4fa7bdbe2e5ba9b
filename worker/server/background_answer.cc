#include "worker/server/background_answer.h"

#include <utility>
#include <variant>

#include "worker/base/log.h"

namespace page_count {

BackgroundAnswer::Part BackgroundAnswer::MakeNext(VisitStore& store, StorageHealth& storage_health) {
  Part part = next_chunk_ ? MakeChunk(store, storage_health) : MakeFirst(store, storage_health);
  if (part.is_last) next_chunk_ = nullptr;  // frees what it holds, which may be much, on this thread
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
    part.is_last = !streamed.next_chunk(store, part.response->body);
    next_chunk_ = std::move(streamed.next_chunk);
  });
  if (!works) part.response = StorageUnavailable();
  return part;
}

BackgroundAnswer::Part BackgroundAnswer::MakeChunk(VisitStore& store, StorageHealth& storage_health) {
  Part part;
  const bool works = storage_health.Run(job_.use, [&] {
    try {
      part.is_last = !next_chunk_(store, part.chunk);
    } catch (const StoreError& error) {
      LogLine(std::string("an answer is cut off: ") + error.what());
      throw;
    }
  });
  if (!works) part.is_cut_off = true;
  return part;
}

}  // namespace page_count
