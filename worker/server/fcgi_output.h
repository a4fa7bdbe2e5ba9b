// The answer to a FastCGI request, as the records of the protocol that nginx reads.
//
// Short answers, which nearly all are, leave in one write with the record that ends them. In place of libfcgi's own
// output, which holds 8 KiB for each request that waits for its visit to be durable, cold by the time it is answered:
// here the bytes are in one buffer of the thread, which serves one answer after the other. What the socket does not
// take at once goes to the queue. Borrows the socket and the queue. One at a time in a thread, and used by that thread
// alone.
#ifndef PAGE_COUNT_SERVER_FCGI_OUTPUT_H_
#define PAGE_COUNT_SERVER_FCGI_OUTPUT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "worker/server/send_queue.h"

namespace page_count {

class FcgiOutput {
 public:
  FcgiOutput(int socket, uint16_t request_id, SendQueue& queue);
  FcgiOutput(const FcgiOutput&) = delete;
  FcgiOutput& operator=(const FcgiOutput&) = delete;

  void Write(std::string_view bytes);
  // Sends what is left. One of the two ends an FcgiOutput.
  void Flush();
  // Sends what is left and the end of the answer.
  void Finish();

 private:
  // Writes the header, for which room was left.
  void CompleteRecord();
  void Send();

  int socket_;
  uint16_t request_id_;
  SendQueue& queue_;
  std::string& record_;  // this thread's
};

}  // namespace page_count

#endif  // PAGE_COUNT_SERVER_FCGI_OUTPUT_H_
