// Group commit: records the visits of many requests in one transaction and answers them once it is durable.
//
// Belongs to the event loop's thread. One Flush is one commit, whatever number of requests it holds. While a commit is
// synced on another thread the loop goes on, and the next sync covers all that was committed meanwhile. Where the
// storage fails, all requests concerned are answered so, none is acknowledged, and none of their visits is tried again.
#ifndef PAGE_COUNT_VISITS_RECORDER_H_
#define PAGE_COUNT_VISITS_RECORDER_H_

#include <functional>
#include <vector>

#include "worker/store/outage.h"
#include "worker/store/sync_thread.h"
#include "worker/store/visit_store.h"
#include "worker/visits/recording.h"

namespace page_count {

class Recorder {
 public:
  using Reply = std::function<void(Response)>;

  // `wake_maintenance` is called when enough was recorded that the store wants maintenance.
  Recorder(VisitStore& store, Outage& outage, std::function<void()> wake_maintenance);

  // Takes a request's visits along with the next Flush; `reply` gets its answer.
  void Add(Recording recording, Reply reply);
  bool empty() const { return waiting_.empty(); }
  // Records all that was added. While it waits for its turn to write more requests may have become ready: `read_more`
  // is called then, and may Add.
  void Flush(const std::function<void()>& read_more);
  // Readable once a sync has ended: AnswerSynced answers what it covers.
  int synced_descriptor() const { return sync_thread_.descriptor(); }
  void AnswerSynced();
  // Whether anything is committed that is not answered yet.
  bool syncing() const { return !in_sync_.empty(); }

 private:
  struct Waiting {
    Recording recording;
    Reply reply;
    std::vector<Receipt> receipts;
  };
  using Batch = std::vector<Waiting>;

  void StartSync();
  bool Sync();
  static void Answer(const Batch& batch, bool recorded);

  VisitStore& store_;
  Outage& outage_;
  std::function<void()> wake_maintenance_;
  Batch waiting_;    // to be committed
  Batch committed_;  // to be synced
  Batch in_sync_;
  std::vector<const Visit*> visits_;
  SyncThread sync_thread_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_RECORDER_H_
