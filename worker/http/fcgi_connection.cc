#include "worker/http/fcgi_connection.h"

#include <fcgiapp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <mutex>

namespace page_count {
namespace {

constexpr timeval kReceiveTimeout{5, 0};
// A slow reader of a long export is nginx's to wait for, within its own send_timeout.
constexpr timeval kSendTimeout{60, 0};

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 302:
      return "Found";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Payload Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Entity";
    case 429:
      return "Too Many Requests";
    case 503:
      return "Service Unavailable";
    default:
      return "Unknown";
  }
}

}  // namespace

struct FcgiConnection::State {
  FCGX_Request request;
  bool head_written = false;
};

FcgiConnection::FcgiConnection(int socket) : state_(std::make_unique<State>()) {
  static std::once_flag initialized;
  std::call_once(initialized, [] { FCGX_Init(); });
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &kReceiveTimeout, sizeof(kReceiveTimeout));
  setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &kSendTimeout, sizeof(kSendTimeout));
  // Without a listening socket FCGX_Accept_r never accepts by itself; keepConnection keeps it from closing ours.
  FCGX_InitRequest(&state_->request, -1, 0);
  state_->request.ipcFd = socket;
  state_->request.keepConnection = 1;
}

FcgiConnection::~FcgiConnection() {
  // Closed at once: FCGX_Free would wait for a peer that has not closed yet.
  if (state_->request.ipcFd >= 0) close(state_->request.ipcFd);
  state_->request.ipcFd = -1;
  FCGX_Free(&state_->request, 0);
}

int FcgiConnection::socket() const { return state_->request.ipcFd; }

bool FcgiConnection::Receive(Request& request) {
  FCGX_Request& fcgi = state_->request;
  if (FCGX_Accept_r(&fcgi) != 0) return false;
  state_->head_written = false;
  const auto parameter = [&fcgi](const char* name) {
    const char* value = FCGX_GetParam(name, fcgi.envp);
    return value == nullptr ? std::string_view() : std::string_view(value);
  };
  request.method = parameter("REQUEST_METHOD");
  request.path = parameter("DOCUMENT_URI");
  request.target = parameter("REQUEST_URI");
  request.query = parameter("QUERY_STRING");
  request.content_type = parameter("CONTENT_TYPE");
  request.client_ip = parameter("REMOTE_ADDR");
  request.user_agent = parameter("HTTP_USER_AGENT");
  request.referer = parameter("HTTP_REFERER");
  request.accept = parameter("HTTP_ACCEPT");
  std::array<char, 4096> piece;
  for (int got = 1; got > 0;) {
    got = FCGX_GetStr(piece.data(), static_cast<int>(piece.size()), fcgi.in);
    if (request.body.size() + static_cast<size_t>(got) > kMaxBodyBytes) request.body_too_large = true;
    if (!request.body_too_large) request.body.append(piece.data(), static_cast<size_t>(got));
  }
  return FCGX_GetError(fcgi.in) == 0;
}

void FcgiConnection::Write(std::string_view bytes) {
  FCGX_PutStr(bytes.data(), static_cast<int>(bytes.size()), state_->request.out);
}

void FcgiConnection::WriteHead(const Response& response) {
  std::string head = "Status: " + std::to_string(response.status) + ' ';
  head.append(ReasonPhrase(response.status)).append("\r\n");
  if (!response.content_type.empty()) head.append("Content-Type: ").append(response.content_type).append("\r\n");
  head.append("Cache-Control: no-store\r\n");
  for (const auto& [name, value] : response.headers) head.append(name).append(": ").append(value).append("\r\n");
  if (!response.stream && response.status != 204) {
    head.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
  }
  Write(head.append("\r\n"));
  state_->head_written = true;
}

bool FcgiConnection::Stream(const Response& response) {
  const auto write = [&](std::string_view piece) {
    if (!state_->head_written) WriteHead(response);
    Write(piece);
    return FCGX_GetError(state_->request.out) == 0;
  };
  try {
    response.stream(write);
  } catch (...) {
    if (!state_->head_written) throw;
    return false;  // the client must see that the answer is cut off
  }
  return true;
}

bool FcgiConnection::Send(const Response& response, bool without_body) {
  FCGX_Request& fcgi = state_->request;
  if (without_body) {
    WriteHead(response);
  } else if (response.stream) {
    if (!Stream(response)) return false;
  } else {
    WriteHead(response);
    Write(response.body);
  }
  if (FCGX_GetError(fcgi.out) != 0) return false;
  FCGX_Finish_r(&fcgi);
  return fcgi.ipcFd >= 0;
}

}  // namespace page_count
