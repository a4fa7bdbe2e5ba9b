// Group commit: records the visits of many requests in one transaction and answers them once it is durable.
//
// Belongs to the event loop's thread. One Flush is one commit and one sync, whatever number of requests it holds; where
// the storage fails, all of them are answered so, none is acknowledged, and none of their visits is tried again.
#ifndef PAGE_COUNT_VISITS_RECORDER_H_
#define PAGE_COUNT_VISITS_RECORDER_H_

#include <functional>
#include <vector>

#include "worker/store/outage.h"
#include "worker/store/visit_store.h"
#include "worker/visits/recording.h"

namespace page_count {

class Recorder {
 public:
  using Reply = std::function<void(Response)>;

  // `wake_maintenance` is called after each commit, and told whether the store wants maintenance now.
  using WakeMaintenance = std::function<void(bool now)>;
  Recorder(VisitStore& store, Outage& outage, WakeMaintenance wake_maintenance);

  // Takes a request's visits along with the next Flush; `reply` gets its answer.
  void Add(Recording recording, Reply reply);
  bool empty() const { return waiting_.empty(); }
  // Records all that was added. While it waits for its turn to write more requests may have become ready: `read_more`
  // is called then, and may Add.
  void Flush(const std::function<void()>& read_more);

 private:
  struct Waiting {
    Recording recording;
    Reply reply;
  };

  std::vector<Receipt> Commit(const std::function<void()>& read_more);

  VisitStore& store_;
  Outage& outage_;
  WakeMaintenance wake_maintenance_;
  std::vector<Waiting> waiting_;
  std::vector<const Visit*> batch_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_RECORDER_H_
