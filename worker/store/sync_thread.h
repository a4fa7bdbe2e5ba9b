// The thread that makes commits durable while the event loop reads and commits what has come in since.
//
// One sync at a time: Start, then wait for descriptor() to become readable, then Finish. These belong to the loop's
// thread; only `sync` runs on the other one. The destructor waits for a sync that is under way.
#ifndef PAGE_COUNT_STORE_SYNC_THREAD_H_
#define PAGE_COUNT_STORE_SYNC_THREAD_H_

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace page_count {

class SyncThread {
 public:
  // `sync` says whether it worked; it must not throw.
  explicit SyncThread(std::function<bool()> sync);
  ~SyncThread();
  SyncThread(const SyncThread&) = delete;
  SyncThread& operator=(const SyncThread&) = delete;

  void Start();
  int descriptor() const { return done_event_; }
  // Whether the sync that was started worked; waits for its end.
  bool Finish();

 private:
  void Run();

  std::function<bool()> sync_;
  int done_event_;  // an eventfd
  std::mutex mutex_;
  std::condition_variable changed_;
  bool started_ = false;
  bool stopping_ = false;
  bool worked_ = false;
  std::thread thread_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SYNC_THREAD_H_
