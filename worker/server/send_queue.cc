#include "worker/server/send_queue.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace page_count {

void SendQueue::Send(int socket, std::string_view bytes) {
  if (is_empty()) bytes = SendSome(socket, bytes);
  if (!failed_) kept_.append(bytes);
}

void SendQueue::Resume(int socket) {
  const std::string_view left = SendSome(socket, std::string_view(kept_).substr(sent_));
  sent_ = kept_.size() - left.size();
  if (left.empty()) Drop();
}

std::string_view SendQueue::SendSome(int socket, std::string_view bytes) {
  while (!bytes.empty() && !failed_) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
    } else if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      return bytes;
    } else if (sent == 0 || errno != EINTR) {
      failed_ = true;
    }
  }
  if (failed_) Drop();
  return {};
}

void SendQueue::Drop() {
  std::string().swap(kept_);  // its memory too: most answers keep nothing
  sent_ = 0;
}

}  // namespace page_count
