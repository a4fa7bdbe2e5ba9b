#include "worker/http/fcgi_connection.h"

#include <fcgiapp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <mutex>
#include <utility>

#include "worker/http/peeked_input.h"
#include "worker/log.h"

namespace {

thread_local page_count::PeekedInput* receiving = nullptr;

}  // namespace

// In place of libfcgi's own, which is how it reads sockets (fcgios.h): the program's symbols go before a library's.
extern "C" int OS_Read(int socket, char* to, size_t size);  // NOLINT: its name
extern "C" int OS_Read(int socket, char* to, size_t size) {
  return static_cast<int>(receiving != nullptr ? receiving->Read(socket, to, size) : read(socket, to, size));
}

namespace page_count {
namespace {

constexpr size_t kPeekedBytes = 8'192;  // as libfcgi reads at once: nearly every request whole
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

void SetParameters(const char* const* entries, Request& request) {
  static constexpr std::array<std::pair<std::string_view, std::string_view Request::*>, 9> kParameters = {{
      {"REQUEST_METHOD", &Request::method},
      {"DOCUMENT_URI", &Request::path},
      {"REQUEST_URI", &Request::target},
      {"QUERY_STRING", &Request::query},
      {"CONTENT_TYPE", &Request::content_type},
      {"REMOTE_ADDR", &Request::client_ip},
      {"HTTP_USER_AGENT", &Request::user_agent},
      {"HTTP_REFERER", &Request::referer},
      {"HTTP_ACCEPT", &Request::accept},
  }};
  for (; *entries != nullptr; ++entries) {
    const std::string_view entry(*entries);
    const size_t name_end = entry.find('=');
    const auto known = std::find_if(kParameters.begin(), kParameters.end(), [&](const auto& parameter) {
      return parameter.first == entry.substr(0, name_end);
    });
    if (name_end == entry.npos || known == kParameters.end()) continue;
    std::string_view& value = request.*known->second;
    if (value.data() == nullptr) value = entry.substr(name_end + 1);  // the first of a name counts
  }
}

}  // namespace

struct FcgiConnection::State {
  FCGX_Request request;
  PeekedInput input;
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

FcgiConnection::Received FcgiConnection::Receive(Request& request) {
  std::array<char, kPeekedBytes> peeked;
  const ssize_t got = state_->input.Peek(socket(), peeked);
  if (got < 0 && errno == EAGAIN) return Received::kNothing;
  if (got <= 0) return Received::kEnd;
  receiving = &state_->input;
  const bool is_whole = ReadRequest(request);
  receiving = nullptr;
  state_->input.Forget();
  return is_whole ? Received::kRequest : Received::kEnd;
}

bool FcgiConnection::ReadRequest(Request& request) {
  FCGX_Request& fcgi = state_->request;
  if (FCGX_Accept_r(&fcgi) != 0) return false;
  state_->head_written = false;
  SetParameters(fcgi.envp, request);
  std::array<char, 4096> piece;
  for (int got = 1; got > 0;) {
    got = FCGX_GetStr(piece.data(), static_cast<int>(piece.size()), fcgi.in);
    if (request.body.size() + static_cast<size_t>(got) > kMaxBodyBytes) request.body_too_large = true;
    if (!request.body_too_large) request.body.append(piece.data(), static_cast<size_t>(got));
  }
  const bool whole = FCGX_GetError(fcgi.in) == 0;
  FCGX_FreeStream(&fcgi.in);  // its buffer is warm: the next request's, while this one waits for the disk
  FCGX_FClose(fcgi.err);      // nothing is written there; the last stream to be closed ends the answer
  FCGX_FreeStream(&fcgi.err);
  return whole;
}

void FcgiConnection::Forget(Request& request) {
  request = Request();
  if (request.body.capacity() > kPeekedBytes) request.body.shrink_to_fit();  // a usual one's is for the next
  FCGX_Stream* out = std::exchange(state_->request.out, nullptr);
  FCGX_Free(&state_->request, 0);
  state_->request.out = out;
}

void FcgiConnection::Write(std::string_view bytes) {
  FCGX_PutStr(bytes.data(), static_cast<int>(bytes.size()), state_->request.out);
}

void FcgiConnection::WriteHead(const Response& response) {
  std::string head;
  head.reserve(256);
  head.append("Status: ").append(std::to_string(response.status)).append(1, ' ');
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
  } catch (const std::exception& error) {
    if (!state_->head_written) throw;
    LogLine(std::string("an answer is cut off: ") + error.what());
    return false;  // which the client must see
  }
  return true;
}

bool FcgiConnection::Send(const Response& response, bool without_body) {
  if (without_body) {
    WriteHead(response);
  } else if (response.stream) {
    if (!Stream(response)) return false;
  } else {
    WriteHead(response);
    Write(response.body);
  }
  return Finish();
}

// FCGX_Finish_r would take a request without `in` for none.
bool FcgiConnection::Finish() {
  FCGX_Request& fcgi = state_->request;
  // What could not be written is not tried again.
  const bool is_over = FCGX_GetError(fcgi.out) != 0 || FCGX_FClose(fcgi.out) != 0;
  FCGX_Free(&fcgi, 0);
  if (is_over) return false;
  state_->input.Take(fcgi.ipcFd);
  return fcgi.keepConnection != 0;
}

}  // namespace page_count
