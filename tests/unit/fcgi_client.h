// A peer of the event loop, as nginx is.
#ifndef PAGE_COUNT_TESTS_UNIT_FCGI_CLIENT_H_
#define PAGE_COUNT_TESTS_UNIT_FCGI_CLIENT_H_

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace page_count {

class Client {
 public:
  explicit Client(const sockaddr_un& address) : socket_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    EXPECT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  }
  ~Client() { Close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void Write(const std::string& bytes) const {
    EXPECT_EQ(write(socket_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  // Reads until a text comes. False where the connection ends, or nothing comes for long.
  bool ReadUntil(const std::string& text, int deadline_ms = kDeadlineMs) {
    while (read_.find(text) == std::string::npos) {
      pollfd ready{socket_, POLLIN, 0};
      if (poll(&ready, 1, deadline_ms) != 1) return false;
      std::string piece(4096, '\0');
      const ssize_t got = read(socket_, piece.data(), piece.size());
      if (got <= 0) return false;
      if (read_.size() > kKeptBytes) read_.erase(0, read_.size() - kKeptBytes / 2);
      read_.append(piece, 0, static_cast<size_t>(got));
    }
    return true;
  }
  bool IsOpen() const {
    pollfd hung_up{socket_, 0, 0};
    return poll(&hung_up, 1, 10) == 0;
  }
  // Whether the connection has ended, which is waited for; what comes before that is read.
  bool Ends() {
    for (;;) {
      pollfd ready{socket_, POLLIN, 0};
      if (poll(&ready, 1, kDeadlineMs) != 1) return false;
      std::string piece(65'536, '\0');
      if (read(socket_, piece.data(), piece.size()) <= 0) return true;
    }
  }
  void Close() {
    if (socket_ >= 0) close(std::exchange(socket_, -1));
  }

 private:
  static constexpr int kDeadlineMs = 20'000;
  static constexpr size_t kKeptBytes = 20'000;  // of what was read

  int socket_;
  std::string read_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_UNIT_FCGI_CLIENT_H_
