// Reads a request from a socket and leaves it there, until it is answered.
//
// Taking bytes out of a Unix socket tells the peer that there is room for more, and wakes it: for nginx an event of no
// use for every request, which comes while the worker has most to do. Taken out beside the answer, both are one event.
// Only what the first Read of a request finds is left, and that is all of nearly every request; a further one takes it
// out first. Used by one thread at a time.
#ifndef PAGE_COUNT_HTTP_PEEKED_INPUT_H_
#define PAGE_COUNT_HTTP_PEEKED_INPUT_H_

#include <sys/types.h>

#include <cstddef>

namespace page_count {

class PeekedInput {
 public:
  // The next Read is the first of a request.
  void Start() { is_first_ = true; }
  // As read(2).
  ssize_t Read(int socket, void* to, size_t size);
  // Takes out of the socket what was left there.
  void Take(int socket);

 private:
  bool is_first_ = true;
  size_t left_ = 0;
};

}  // namespace page_count

#endif  // PAGE_COUNT_HTTP_PEEKED_INPUT_H_
