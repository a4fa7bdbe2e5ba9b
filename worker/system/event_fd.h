// What one thread tells another that waits in an event loop: readable once it was signalled, until it is cleared.
//
// Any thread may signal. Owns its descriptor. Throws std::system_error if there is none left.
#ifndef PAGE_COUNT_SYSTEM_EVENT_FD_H_
#define PAGE_COUNT_SYSTEM_EVENT_FD_H_

namespace page_count {

class EventFd {
 public:
  EventFd();
  ~EventFd();
  EventFd(const EventFd&) = delete;
  EventFd& operator=(const EventFd&) = delete;

  int descriptor() const { return descriptor_; }
  void Signal() const;
  void Clear() const;

 private:
  int descriptor_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_SYSTEM_EVENT_FD_H_
