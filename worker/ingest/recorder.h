// Group commit: records the visits of many requests in one transaction and one sync, and answers them once it is
// durable.
//
// Of the event loop's thread, which commits by itself where that takes no waiting and the visits are few. A thread of
// the Recorder's own does the rest: it waits for another write lock to end, commits many, syncs, and answers;
// whatever the loop has read meanwhile is the next batch.
// Where the storage fails, all requests of a batch are answered so, none is acknowledged, and none of their visits is
// tried again. The store is used by one thread at a time.
#ifndef PAGE_COUNT_INGEST_RECORDER_H_
#define PAGE_COUNT_INGEST_RECORDER_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "worker/ingest/recording.h"
#include "worker/ingest/storage_health.h"
#include "worker/store/visit_store.h"
#include "worker/system/event_fd.h"

namespace page_count {

class Recorder {
 public:
  // Called on the Recorder's own thread, which must not have to wait there.
  using Reply = std::function<void(const Response&)>;

  // `wake_maintenance` is called after each batch that is recorded, on the Recorder's own thread, and told whether the
  // store wants maintenance now.
  using WakeMaintenance = std::function<void(bool now)>;
  Recorder(VisitStore& store, StorageHealth& storage_health, WakeMaintenance wake_maintenance);
  // What is being recorded is recorded and answered, so what its reply uses must be there still; what waits is neither.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Takes a request's visits along with the next batch; `reply` gets its answer.
  void Add(Recording recording, Reply reply);
  // Records what was added, once the last batch is finished and as many wait as are likely to come soon.
  // `requests_at_most` is how many can be under way. Call it after Adds, after Finish, and once the time to gather is
  // over.
  void Submit(size_t requests_at_most);
  // Nothing where nobody waits for more requests to come.
  std::optional<std::chrono::nanoseconds> TimeLeftToGather() const;
  // Readable once a batch is answered: Finish makes room for the next.
  int answered_descriptor() const { return answered_event_.descriptor(); }
  void Finish();
  // Since when a batch has been under way; none where none is.
  std::optional<std::chrono::steady_clock::time_point> under_way_since() const;
  // How much room the batch that failed last would have taken in the file, about. Any thread.
  int64_t failed_bytes() const { return failed_bytes_; }

 private:
  struct Waiting {
    Recording recording;
    Reply reply;
  };
  struct Batch {
    std::vector<Waiting> requests;
    std::vector<const Visit*> visits;  // theirs, one after the other
    std::vector<Receipt> receipts;     // of the visits
    bool recorded = false;
  };
  enum class Progress { kToAppend, kToSync, kDone };

  bool IsGathering();
  void Run();
  // What is left to do of it, if it may not wait.
  Progress Append(VisitStore::Wait wait);
  void Sync();
  std::span<const Visit* const> Collect();
  void Answer() const;

  VisitStore& store_;
  StorageHealth& storage_health_;
  WakeMaintenance wake_maintenance_;
  EventFd answered_event_;
  std::optional<std::chrono::steady_clock::time_point> gather_until_;
  size_t worth_recording_ = 1;  // so many requests need not wait for more
  bool is_under_way_ = false;   // a batch; once handed over, it and the store are the thread's until it is done
  std::chrono::steady_clock::time_point begun_;  // the batch that is under way
  std::atomic<int64_t> failed_bytes_ = 0;
  Batch batch_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiting> waiting_;
  size_t visits_waiting_ = 0;
  std::optional<Progress> handed_over_;  // to the thread: the batch
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_INGEST_RECORDER_H_
