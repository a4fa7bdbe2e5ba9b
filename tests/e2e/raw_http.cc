#include "tests/e2e/raw_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace page_count::e2e {
namespace {

[[noreturn]] void ThrowErrno(const char* what) {
  throw std::runtime_error(std::string(what) + ": " + std::generic_category().message(errno));
}

}  // namespace

RawConnection::RawConnection(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (socket_ < 0) ThrowErrno("socket");
  const timeval timeout{.tv_sec = 30, .tv_usec = 0};
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(socket_);
    ThrowErrno("connect");
  }
}

RawConnection::~RawConnection() { close(socket_); }

void RawConnection::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return;  // refused early: the answer is there to be read
    if (sent < 0) ThrowErrno("send");
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
}

std::string RawConnection::Read(size_t limit_bytes) {
  std::string bytes(limit_bytes, '\0');
  const ssize_t received = recv(socket_, bytes.data(), bytes.size(), 0);
  if (received < 0 && errno != ECONNRESET) ThrowErrno("recv");
  bytes.resize(received < 0 ? 0 : static_cast<size_t>(received));
  return bytes;
}

std::string RawConnection::ReadToEnd() {
  std::string all;
  for (std::string part = Read(65536); !part.empty(); part = Read(65536)) all += part;
  return all;
}

HttpResponse RawExchange(int port, std::string_view bytes) {
  RawConnection connection(port);
  connection.Write(bytes);
  const std::string answer = connection.ReadToEnd();

  HttpResponse response;
  const size_t head_end = answer.find("\r\n\r\n");
  if (!answer.starts_with("HTTP/1.") || head_end == std::string::npos) {
    throw std::runtime_error("not an HTTP/1 answer: " + answer.substr(0, 200));
  }
  response.status = std::atoi(answer.c_str() + std::string_view("HTTP/1.1 ").size());
  for (size_t line = answer.find("\r\n") + 2; line < head_end;) {
    const size_t line_end = answer.find("\r\n", line);
    const size_t colon = answer.find(": ", line);
    response.headers.emplace_back(answer.substr(line, colon - line), answer.substr(colon + 2, line_end - colon - 2));
    line = line_end + 2;
  }
  response.body = answer.substr(head_end + 4);
  return response;
}

}  // namespace page_count::e2e
