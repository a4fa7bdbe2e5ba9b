// Group commit: records the visits of many requests in one transaction and one sync, and answers them once it is
// durable.
//
// Add, Submit and AnswerRecorded belong to the event loop's thread. A thread of the Recorder's own waits for its turn
// to write, commits and syncs; whatever the loop has read meanwhile is the next batch, so the loop waits neither for
// the disk nor for other writers. Where the storage fails, all requests of a batch are answered so, none is
// acknowledged, and none of their visits is tried again. The store is used by one thread at a time.
#ifndef PAGE_COUNT_VISITS_RECORDER_H_
#define PAGE_COUNT_VISITS_RECORDER_H_

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "worker/event.h"
#include "worker/store/outage.h"
#include "worker/store/visit_store.h"
#include "worker/visits/recording.h"

namespace page_count {

class Recorder {
 public:
  using Reply = std::function<void(Response)>;

  // `wake_maintenance` is called after each commit, on that thread, and told whether the store wants maintenance now.
  using WakeMaintenance = std::function<void(bool now)>;
  Recorder(VisitStore& store, Outage& outage, WakeMaintenance wake_maintenance);
  // What is being recorded is recorded, and not answered.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // Takes a request's visits along with the next batch; `reply` gets its answer. A batch may start meanwhile, once it
  // is worth it.
  void Add(Recording recording, Reply reply);
  // Has recorded what was added, in one batch with what is added until its turn to write has come. `requests_at_most`
  // is how many can be under way.
  void Submit(size_t requests_at_most);
  // Readable once a batch is recorded: AnswerRecorded answers it.
  int recorded_descriptor() const { return recorded_event_.descriptor(); }
  void AnswerRecorded();

 private:
  struct Waiting {
    Recording recording;
    Reply reply;
  };
  struct Batch {
    std::vector<Waiting> requests;
    std::vector<Receipt> receipts;  // of their visits, one behind the other
    bool recorded = false;
  };

  void Start();
  void Run();
  Batch Record();
  static void Answer(const Batch& batch);

  VisitStore& store_;
  Outage& outage_;
  WakeMaintenance wake_maintenance_;
  Event recorded_event_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiting> waiting_;
  std::vector<Batch> recorded_;
  bool recording_ = false;  // or about to
  size_t requests_at_most_ = 1;
  size_t worth_recording_ = 1;  // so many requests need not wait for more
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_RECORDER_H_
