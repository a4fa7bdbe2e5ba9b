#include "worker/visits/recorder.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

namespace page_count {
namespace {

// A commit and its sync cost as much for one request as for many. Where the last batch was of some, more are on their
// way: half as many more are worth a wait shorter than a sync.
constexpr std::chrono::microseconds kGatherFor(200);

}  // namespace

Recorder::Recorder(VisitStore& store, Outage& outage, WakeMaintenance wake_maintenance)
    : store_(store), outage_(outage), wake_maintenance_(std::move(wake_maintenance)), thread_([this] { Run(); }) {}

Recorder::~Recorder() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Recorder::Add(Recording recording, Reply reply) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back({std::move(recording), std::move(reply)});
  if (worth_recording_ > 1 && waiting_.size() >= worth_recording_) Start();
}

void Recorder::Start() {
  if (!recording_ || waiting_.size() == worth_recording_) changed_.notify_one();
  recording_ = true;
}

void Recorder::Submit(size_t requests_at_most) {
  const std::lock_guard lock(mutex_);
  requests_at_most_ = requests_at_most;
  if (!waiting_.empty() && !recording_) Start();
}

void Recorder::Run() {
  pthread_setname_np(pthread_self(), "recorder");
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return recording_ || stopping_; });
    if (!recording_) return;
    changed_.wait_for(lock, kGatherFor, [this] { return waiting_.size() >= worth_recording_ || stopping_; });
    lock.unlock();
    Batch batch = Record();
    lock.lock();
    worth_recording_ = std::min(requests_at_most_ / 2, batch.requests.size() * 3 / 2);
    const bool is_first = recorded_.empty();
    recorded_.push_back(std::move(batch));
    recording_ = !waiting_.empty();
    if (is_first) recorded_event_.Signal();
  }
}

Recorder::Batch Recorder::Record() {
  Batch batch;
  std::vector<const Visit*> visits;
  const auto collect = [&]() -> std::span<const Visit* const> {
    {
      const std::lock_guard lock(mutex_);
      batch.requests.swap(waiting_);
    }
    for (const Waiting& waiting : batch.requests) {
      for (const Visit& visit : waiting.recording.visits) visits.push_back(&visit);
    }
    return visits;
  };
  const bool committed = outage_.Guard(Outage::Use::kWrite, [&] { batch.receipts = store_.Append(collect); });
  if (batch.requests.empty()) collect();  // it failed before it was asked for
  batch.recorded = committed && outage_.Guard(Outage::Use::kSync, [this] { store_.Sync(); });
  if (batch.recorded) wake_maintenance_(store_.MaintenanceDue());
  return batch;
}

void Recorder::AnswerRecorded() {
  recorded_event_.Clear();
  std::vector<Batch> batches;
  {
    const std::lock_guard lock(mutex_);
    batches.swap(recorded_);
  }
  for (const Batch& batch : batches) Answer(batch);
}

void Recorder::Answer(const Batch& batch) {
  std::span<const Receipt> left(batch.receipts);
  for (const auto& [recording, reply] : batch.requests) {
    const size_t count = recording.visits.size();
    if (batch.recorded) {
      reply(recording.answer(recording.visits, left.first(count)));
      left = left.subspan(count);
    } else {
      reply(recording.answer_unavailable(recording.visits));
    }
  }
}

}  // namespace page_count
