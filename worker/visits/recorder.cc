#include "worker/visits/recorder.h"

#include <iterator>
#include <span>
#include <utility>

namespace page_count {

Recorder::Recorder(VisitStore& store, Outage& outage, std::function<void()> wake_maintenance)
    : store_(store),
      outage_(outage),
      wake_maintenance_(std::move(wake_maintenance)),
      sync_thread_([this] { return Sync(); }) {}

void Recorder::Add(Recording recording, Reply reply) {
  waiting_.push_back({std::move(recording), std::move(reply), {}});
}

void Recorder::Flush(const std::function<void()>& read_more) {
  std::vector<Receipt> receipts;
  const bool recorded = outage_.Guard(Outage::Use::kWrite, [&] {
    receipts = store_.Append([&]() -> std::span<const Visit* const> {
      read_more();
      visits_.clear();
      for (const Waiting& waiting : waiting_) {
        for (const Visit& visit : waiting.recording.visits) visits_.push_back(&visit);
      }
      return visits_;
    });
  });
  if (!recorded) {
    Answer(std::exchange(waiting_, {}), false);
    return;
  }
  auto next = receipts.begin();
  for (Waiting& waiting : waiting_) {
    const auto end = next + static_cast<std::ptrdiff_t>(waiting.recording.visits.size());
    waiting.receipts.assign(next, end);
    next = end;
  }
  std::move(waiting_.begin(), waiting_.end(), std::back_inserter(committed_));
  waiting_.clear();
  if (!syncing()) StartSync();
  if (store_.MaintenanceDue()) wake_maintenance_();
}

void Recorder::StartSync() {
  if (committed_.size() == 1) {  // nothing to gain by another thread
    Answer(std::exchange(committed_, {}), Sync());
  } else if (!committed_.empty()) {
    in_sync_.swap(committed_);
    sync_thread_.Start();
  }
}

bool Recorder::Sync() {
  return outage_.Guard(Outage::Use::kWrite, [this] { store_.Sync(); });
}

void Recorder::AnswerSynced() {
  const bool synced = sync_thread_.Finish();
  Answer(std::exchange(in_sync_, {}), synced);
  // After a sync that failed nobody knows what a later one would cover.
  if (!synced) Answer(std::exchange(committed_, {}), false);
  StartSync();
}

// All answers are made before the first is sent: nginx then takes many of them at once instead of waking for each.
void Recorder::Answer(const Batch& batch, bool recorded) {
  std::vector<Response> responses;
  responses.reserve(batch.size());
  for (const auto& [recording, reply, receipts] : batch) {
    responses.push_back(recorded ? recording.answer(recording.visits, receipts)
                                 : recording.answer_unavailable(recording.visits));
  }
  for (size_t i = 0; i < batch.size(); ++i) batch[i].reply(std::move(responses[i]));
}

}  // namespace page_count
