#include "worker/http/peeked_input.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace page_count {

ssize_t PeekedInput::Read(int socket, void* to, size_t size) {
  if (!is_first_) {
    Take(socket);
    return recv(socket, to, size, 0);
  }
  const ssize_t got = recv(socket, to, size, MSG_PEEK);
  if (got > 0) {
    is_first_ = false;
    left_ = static_cast<size_t>(got);
  }
  return got;
}

void PeekedInput::Take(int socket) {
  std::array<char, 4096> taken;
  while (left_ > 0) {
    const ssize_t got = recv(socket, taken.data(), std::min(taken.size(), left_), 0);
    if (got <= 0) break;  // the connection is over, which the next read says
    left_ -= static_cast<size_t>(got);
  }
  left_ = 0;
}

}  // namespace page_count
