// What is sent to a socket without ever waiting for its reader: as much as the socket takes goes at once, the rest is
// kept.
//
// Borrows the socket. Used by one thread at a time. Once a send has failed (the peer is gone) everything is dropped.
#ifndef PAGE_COUNT_SERVER_SEND_QUEUE_H_
#define PAGE_COUNT_SERVER_SEND_QUEUE_H_

#include <string>
#include <string_view>

namespace page_count {

class SendQueue {
 public:
  // Sends bytes, after those that are kept.
  void Send(int socket, std::string_view bytes);
  // Sends what is kept, now that the socket takes more.
  void Resume(int socket);

  bool is_empty() const { return sent_ == kept_.size(); }
  bool has_failed() const { return failed_; }

 private:
  // Returns what the socket did not take.
  std::string_view SendSome(int socket, std::string_view bytes);
  void Drop();

  std::string kept_;
  size_t sent_ = 0;  // of what is kept
  bool failed_ = false;
};

}  // namespace page_count

#endif  // PAGE_COUNT_SERVER_SEND_QUEUE_H_
