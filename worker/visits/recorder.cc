#include "worker/visits/recorder.h"

#include <span>

namespace page_count {

Recorder::Recorder(VisitStore& store, Outage& outage, WakeMaintenance wake_maintenance)
    : store_(store), outage_(outage), wake_maintenance_(std::move(wake_maintenance)) {}

void Recorder::Add(Recording recording, Reply reply) { waiting_.push_back({std::move(recording), std::move(reply)}); }

std::vector<Receipt> Recorder::Commit(const std::function<void()>& read_more) {
  auto receipts = store_.Append([&]() -> std::span<const Visit* const> {
    read_more();
    batch_.clear();
    for (const Waiting& waiting : waiting_) {
      for (const Visit& visit : waiting.recording.visits) batch_.push_back(&visit);
    }
    return batch_;
  });
  store_.Sync();
  return receipts;
}

void Recorder::Flush(const std::function<void()>& read_more) {
  std::vector<Receipt> receipts;
  const bool recorded = outage_.Guard(Outage::Use::kWrite, [&] { receipts = Commit(read_more); });
  const auto answered = std::move(waiting_);
  waiting_.clear();
  std::span<const Receipt> left(receipts);
  for (const auto& [recording, reply] : answered) {
    const size_t count = recording.visits.size();
    if (recorded) {
      reply(recording.answer(recording.visits, left.first(count)));
      left = left.subspan(count);
    } else {
      reply(recording.answer_unavailable(recording.visits));
    }
  }
  if (recorded) wake_maintenance_(store_.MaintenanceDue());
}

}  // namespace page_count
