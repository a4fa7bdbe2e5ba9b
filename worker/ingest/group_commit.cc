// What group commit promises, and what a worker that dies leaves at each step.
//
// Invariants:
//   1. At most one batch is under way: from Flush until Complete has told its requests.
//   2. The loop uses the store while none is under way, the thread from its Job on until it signals the outcome.
//   3. batch_ is not changed while it is under way: the Job borrows its visits.
//   4. A request is told `committed` only after a sync that began after its commit (unless wal-sync is off).
//
//   a. Add              Dead here: nothing is recorded, the client gets an error. The rate limit has counted the visit.
//   b. Flush: commit    Dead before the commit: as in a. Dead after it: the visits count, every reader sees them, and
//                       the next sync of any worker makes them durable; the clients get an error. nginx asks no other
//                       worker, so no visit is recorded twice.
//   c. thread: sync     Dead after it: durable, and the clients get an error all the same.
//   d. Complete         tells each request, whose answer leaves at once.
//
// If the commit fails nothing is recorded; if the sync fails the visits are in the log, but perhaps not on the disk. In
// both cases the clients get 503, the rate limit is refunded, and nothing is tried again: a visit that a client sends
// again after a failed sync may count twice, one that was acknowledged is never lost.

#include "worker/ingest/group_commit.h"

#include <pthread.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace page_count {
namespace {

using std::chrono::steady_clock;
using Use = StorageHealth::Use;

// What a visit changes at most, of a page and a client that are new: a page of the file for each, and for their
// indexes.
constexpr int64_t kChangedBytesAVisit = 16'384;
constexpr int64_t kMostBytes = 4 << 20;  // a larger batch is taken to need this

}  // namespace

GroupCommit::GroupCommit(VisitWriter& store, StorageHealth& storage_health, WakeMaintenance wake_maintenance)
    : store_(store),
      storage_health_(storage_health),
      wake_maintenance_(std::move(wake_maintenance)),
      thread_([this] { Run(); }) {}

GroupCommit::~GroupCommit() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.Signal();
  thread_.join();
}

void GroupCommit::Add(std::vector<Visit> visits, OnCommitted on_committed) {
  pending_.push_back({std::move(visits), std::move(on_committed)});
}

void GroupCommit::Flush(size_t requests_at_most) {
  commit_siblings_ = std::min(requests_at_most / 2, commit_siblings_);
  if (under_way_since_ || pending_.empty() || IsWorthWaiting()) return;
  under_way_since_ = steady_clock::now();
  Job job{TakeBatch(), std::nullopt};
  const bool works = storage_health_.TryRun(Use::kWrite, [&] {
    job.receipts = store_.TryCommit(job.visits);
    return job.receipts.has_value();
  });
  if (!works) {
    Tell(std::nullopt);
    return;
  }
  {
    const MutexLock lock(mutex_);
    job_ = std::move(job);
  }
  changed_.Signal();
}

// A commit and its sync cost as much for one request as for many: after a batch of some, half as many more are worth a
// wait that is shorter than a sync.
bool GroupCommit::IsWorthWaiting() {
  if (pending_.size() < commit_siblings_) {
    const auto now = steady_clock::now();
    if (!delayed_until_) delayed_until_ = now + kCommitDelay;
    if (now < *delayed_until_) return true;
  }
  delayed_until_.reset();
  return false;
}

// The first request is taken whatever its size.
std::vector<const Visit*> GroupCommit::TakeBatch() {
  size_t requests = 1;
  size_t visits = pending_.front().visits.size();
  while (requests < pending_.size() && (visits += pending_[requests].visits.size()) <= kMaxBatchVisits) ++requests;
  const auto end = std::next(pending_.begin(), static_cast<std::ptrdiff_t>(requests));
  batch_.assign(std::move_iterator(pending_.begin()), std::move_iterator(end));
  pending_.erase(pending_.begin(), end);
  std::vector<const Visit*> batch;
  for (const Pending& request : batch_) {
    for (const Visit& visit : request.visits) batch.push_back(&visit);
  }
  return batch;
}

std::optional<std::chrono::nanoseconds> GroupCommit::DelayLeft() const {
  if (!delayed_until_) return std::nullopt;
  return std::max(*delayed_until_ - steady_clock::now(), std::chrono::nanoseconds(0));
}

void GroupCommit::Complete() {
  done_event_.Clear();
  std::optional<Outcome> outcome;
  {
    const MutexLock lock(mutex_);
    outcome = std::exchange(outcome_, std::nullopt);
  }
  if (!outcome) return;
  if (outcome->error) std::rethrow_exception(outcome->error);
  Tell(outcome->receipts);
}

void GroupCommit::Tell(const std::optional<std::vector<Receipt>>& receipts) {
  const std::vector<Pending> batch = std::exchange(batch_, {});
  under_way_since_.reset();
  commit_siblings_ = batch.size() * 3 / 2;
  if (!receipts) {
    failed_bytes_ = BytesOf(batch);
    for (const auto& [visits, on_committed] : batch) on_committed({false, visits, {}});
    return;
  }
  wake_maintenance_(store_.MaintenanceDue());
  std::span<const Receipt> left(*receipts);
  for (const auto& [visits, on_committed] : batch) {
    on_committed({true, visits, left.first(visits.size())});
    left = left.subspan(visits.size());
  }
}

int64_t GroupCommit::BytesOf(const std::vector<Pending>& batch) {
  int64_t bytes = 0;
  for (const Pending& request : batch) {
    for (const Visit& visit : request.visits) {
      bytes += kChangedBytesAVisit + static_cast<int64_t>(visit.url.text().size() + visit.user_agent.size());
    }
  }
  return std::min(bytes, kMostBytes);
}

void GroupCommit::Run() {
  pthread_setname_np(pthread_self(), "group commit");
  for (;;) {
    Job job;
    {
      const MutexLock lock(mutex_);
      while (!job_ && !stopping_) changed_.Wait(mutex_);
      if (!job_) return;
      job = *std::exchange(job_, std::nullopt);
    }
    Outcome outcome = Do(std::move(job));
    {
      const MutexLock lock(mutex_);
      outcome_ = std::move(outcome);
    }
    done_event_.Signal();
  }
}

GroupCommit::Outcome GroupCommit::Do(Job job) {
  try {
    const bool committed =
        job.receipts || storage_health_.Run(Use::kWrite, [&] { job.receipts = store_.Commit(job.visits); });
    if (committed && storage_health_.Run(Use::kSync, [&] { store_.MakeDurable(); })) {
      return {std::move(job.receipts), nullptr};
    }
    return {};
  } catch (...) {
    return {std::nullopt, std::current_exception()};
  }
}

}  // namespace page_count
