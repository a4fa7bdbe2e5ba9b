// Reads a request from a socket and leaves it there, until it is answered.
//
// Taking bytes out of a Unix socket tells the peer that there is room for more, and wakes it: for nginx an event of no
// use for every request, which comes while the worker has most to do. Taken out beside the answer, both are one event.
// Only what Peek finds is left, and that is all of nearly every request; where more is read, that goes first. Used by
// one thread at a time.
#ifndef PAGE_COUNT_SERVER_PEEKED_INPUT_H_
#define PAGE_COUNT_SERVER_PEEKED_INPUT_H_

#include <sys/types.h>

#include <cstddef>
#include <span>

namespace page_count {

class PeekedInput {
 public:
  // Looks for a request, without waiting: as recv(2). Reads what was found from `buffer`, until Forget.
  ssize_t Peek(int socket, std::span<char> buffer);
  // As read(2): what was found first, then what comes.
  ssize_t Read(int socket, void* to, size_t size);
  void Forget() { unread_ = {}; }
  // Takes out of the socket what was left there.
  void Take(int socket);

 private:
  std::span<const char> unread_;
  size_t left_ = 0;
};

}  // namespace page_count

#endif  // PAGE_COUNT_SERVER_PEEKED_INPUT_H_
