// Group commit: the visits of many requests in one transaction and one sync.
//
// Belongs to the event loop's thread, which commits by itself if that takes no waiting, and calls every on_committed.
// A thread of its own does only what must wait: the sync, and the commit while another process holds the write lock. It
// gets a batch, hands receipts back, and uses the store alone meanwhile; what is added by then is the next batch. As
// with PostgreSQL's commit_delay and commit_siblings, a commit waits a moment for requests that are likely to come.
// If the storage fails, no visit of the batch counts as committed, and none is tried again. Any other exception of the
// store, on either thread, leaves Flush or Complete; after that only the destructor may be called. It waits for the
// batch under way, and calls nobody.
#ifndef PAGE_COUNT_INGEST_GROUP_COMMIT_H_
#define PAGE_COUNT_INGEST_GROUP_COMMIT_H_

#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "worker/base/mutex.h"
#include "worker/ingest/storage_health.h"
#include "worker/store/visit_writer.h"
#include "worker/system/event_fd.h"
#include "worker/visits/visit.h"

namespace page_count {

struct CommitResult {
  bool committed;  // and durable
  std::span<const Visit> visits;
  std::span<const Receipt> receipts;  // one a visit; empty unless committed
};
using OnCommitted = std::function<void(const CommitResult&)>;

class GroupCommit {
 public:
  static constexpr std::chrono::microseconds kCommitDelay{100};
  static constexpr size_t kMaxBatchVisits = 1'024;  // more would keep the loop from its connections for long

  // `wake_maintenance` is called after each batch that was committed, and told whether the store wants maintenance now.
  using WakeMaintenance = std::function<void(bool now)>;
  GroupCommit(VisitWriter& store, StorageHealth& storage_health, WakeMaintenance wake_maintenance);
  ~GroupCommit();
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  // Takes a request's visits along with the next batch that has room for all of them.
  void Add(std::vector<Visit> visits, OnCommitted on_committed);
  // Commits what was added, unless a batch is under way or more requests are worth waiting for. `requests_at_most` is
  // how many can be under way. Call it after Adds, after Complete, and once the delay is over.
  void Flush(size_t requests_at_most);
  // How long Flush waits for more requests; nullopt if it waits for none.
  std::optional<std::chrono::nanoseconds> DelayLeft() const;
  // Readable once a batch is durable, or has failed: call Complete, which tells each request of it.
  int done_descriptor() const { return done_event_.descriptor(); }
  void Complete();

  // Since when a batch has been under way; nullopt if none is.
  std::optional<std::chrono::steady_clock::time_point> under_way_since() const { return under_way_since_; }
  // How much room in the file the last batch that failed would have taken, about. Any thread.
  int64_t failed_bytes() const { return failed_bytes_; }

 private:
  struct Pending {
    std::vector<Visit> visits;
    OnCommitted on_committed;
  };
  // What the thread is to do: make a batch durable, and commit it first if it has no receipts yet. Borrows the visits,
  // which stay as they are until the loop has the outcome.
  struct Job {
    std::vector<const Visit*> visits;
    std::optional<std::vector<Receipt>> receipts;
  };
  struct Outcome {
    std::optional<std::vector<Receipt>> receipts;  // nullopt: the storage has failed
    std::exception_ptr error;
  };

  bool IsWorthWaiting();
  std::vector<const Visit*> TakeBatch();
  static int64_t BytesOf(const std::vector<Pending>& batch);
  void Tell(const std::optional<std::vector<Receipt>>& receipts);
  void Run() EXCLUDES(mutex_);
  Outcome Do(Job job) EXCLUDES(mutex_);

  VisitWriter& store_;
  StorageHealth& storage_health_;
  WakeMaintenance wake_maintenance_;
  EventFd done_event_;

  // The loop's.
  std::vector<Pending> pending_;
  std::vector<Pending> batch_;  // under way
  std::optional<std::chrono::steady_clock::time_point> under_way_since_;
  std::optional<std::chrono::steady_clock::time_point> delayed_until_;
  size_t commit_siblings_ = 1;  // so many requests need not wait for more

  std::atomic<int64_t> failed_bytes_ = 0;

  // Shared with the thread.
  Mutex mutex_;
  CondVar changed_;  // job_ or stopping_
  std::optional<Job> job_ GUARDED_BY(mutex_);
  std::optional<Outcome> outcome_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_INGEST_GROUP_COMMIT_H_
