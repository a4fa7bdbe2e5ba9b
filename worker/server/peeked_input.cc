#include "worker/server/peeked_input.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace page_count {

ssize_t PeekedInput::Peek(int socket, std::span<char> buffer) {
  const ssize_t got = recv(socket, buffer.data(), buffer.size(), MSG_PEEK | MSG_DONTWAIT);
  left_ = static_cast<size_t>(std::max<ssize_t>(got, 0));
  unread_ = buffer.first(left_);
  return got;
}

ssize_t PeekedInput::Read(int socket, void* to, size_t size) {
  if (unread_.empty()) {
    Take(socket);
    return recv(socket, to, size, 0);
  }
  const auto read = unread_.first(std::min(size, unread_.size()));
  std::copy(read.begin(), read.end(), static_cast<char*>(to));
  unread_ = unread_.subspan(read.size());
  return static_cast<ssize_t>(read.size());
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
