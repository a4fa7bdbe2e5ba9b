#include "worker/ingest/recorder.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace page_count {
namespace {

using std::chrono::steady_clock;

// A commit and its sync cost as much for one request as for many. Where the last batch was of some, more are on their
// way: half as many more are worth a wait shorter than a sync.
constexpr std::chrono::microseconds kGatherFor(100);

// Committing more would keep the loop from reading longer than handing them over does.
constexpr size_t kFewVisits = 256;

// What a visit changes at most, of a page and a client that are new: a page of the file for each, and for their
// indexes.
constexpr int64_t kChangedBytesAVisit = 16'384;
constexpr int64_t kMostBytes = 4 << 20;  // that a batch's room is taken for

int64_t RoomOf(std::span<const Visit* const> visits) {
  int64_t bytes = 0;
  for (const Visit* visit : visits) {
    bytes += kChangedBytesAVisit + static_cast<int64_t>(visit->url.text().size() + visit->user_agent.size());
  }
  return std::min(bytes, kMostBytes);
}

}  // namespace

Recorder::Recorder(VisitStore& store, StorageHealth& storage_health, WakeMaintenance wake_maintenance)
    : store_(store),
      storage_health_(storage_health),
      wake_maintenance_(std::move(wake_maintenance)),
      thread_([this] { Run(); }) {}

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
  visits_waiting_ += recording.visits.size();
  waiting_.push_back({std::move(recording), std::move(reply)});
}

void Recorder::Submit(size_t requests_at_most) {
  worth_recording_ = std::min(requests_at_most / 2, worth_recording_);
  if (is_under_way_ || waiting_.empty() || IsGathering()) return;
  is_under_way_ = true;
  begun_ = steady_clock::now();
  const Progress progress = visits_waiting_ <= kFewVisits ? Append(VisitStore::Wait::kNo) : Progress::kToAppend;
  {
    const std::lock_guard lock(mutex_);
    handed_over_ = progress;
  }
  changed_.notify_one();
}

// Ends once enough requests wait, or with the time.
bool Recorder::IsGathering() {
  if (waiting_.size() < worth_recording_) {
    const auto now = steady_clock::now();
    if (!gather_until_) gather_until_ = now + kGatherFor;
    if (now < *gather_until_) return true;
  }
  gather_until_.reset();
  return false;
}

std::optional<std::chrono::nanoseconds> Recorder::TimeLeftToGather() const {
  if (!gather_until_) return std::nullopt;
  return std::max(*gather_until_ - steady_clock::now(), std::chrono::nanoseconds(0));
}

std::optional<steady_clock::time_point> Recorder::under_way_since() const {
  return is_under_way_ ? std::optional(begun_) : std::nullopt;
}

void Recorder::Run() {
  pthread_setname_np(pthread_self(), "recorder");
  for (;;) {
    Progress progress{};
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return handed_over_ || stopping_; });
      if (!handed_over_) return;
      progress = *std::exchange(handed_over_, std::nullopt);
    }
    if (progress == Progress::kToAppend) progress = Append(VisitStore::Wait::kAsLongAsItTakes);
    if (progress == Progress::kToSync) Sync();
    if (!batch_.recorded) failed_bytes_ = RoomOf(batch_.visits);
    Answer();
    if (batch_.recorded) wake_maintenance_(store_.MaintenanceDue());
    answered_event_.Signal();
  }
}

Recorder::Progress Recorder::Append(VisitStore::Wait wait) {
  std::optional<std::vector<Receipt>> receipts;
  const bool works = storage_health_.TryRun(StorageHealth::Use::kWrite, [&] {
    receipts = store_.Append([this] { return Collect(); }, wait);
    return receipts.has_value();
  });
  if (works && !receipts) return Progress::kToAppend;
  if (batch_.requests.empty()) Collect();  // it failed before it was asked for
  if (!works) return Progress::kDone;
  batch_.receipts = std::move(*receipts);
  return Progress::kToSync;
}

std::span<const Visit* const> Recorder::Collect() {
  {
    const std::lock_guard lock(mutex_);
    batch_.requests.swap(waiting_);
    visits_waiting_ = 0;
  }
  for (const Waiting& waiting : batch_.requests) {
    for (const Visit& visit : waiting.recording.visits) batch_.visits.push_back(&visit);
  }
  return batch_.visits;
}

void Recorder::Sync() {
  batch_.recorded = storage_health_.Run(StorageHealth::Use::kSync, [this] { store_.Sync(); });
}

void Recorder::Finish() {
  answered_event_.Clear();
  worth_recording_ = batch_.requests.size() * 3 / 2;
  batch_.requests.clear();  // which keeps the room for the next, as that of the visits
  batch_.visits.clear();
  batch_.receipts.clear();
  batch_.recorded = false;
  is_under_way_ = false;
}

void Recorder::Answer() const {
  std::span<const Receipt> left(batch_.receipts);
  for (const auto& [recording, reply] : batch_.requests) {
    const size_t count = recording.visits.size();
    if (batch_.recorded) {
      reply(recording.answer(recording.visits, left.first(count)));
      left = left.subspan(count);
    } else {
      reply(recording.answer_unavailable(recording.visits));
    }
  }
}

}  // namespace page_count
