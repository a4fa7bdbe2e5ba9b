#include "worker/server/fcgi_connection.h"

#include <fcgiapp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <mutex>
#include <utility>

#include "worker/server/fcgi_output.h"
#include "worker/server/send_queue.h"
#include "worker/visits/ip_address.h"

namespace page_count {
namespace {

constexpr size_t kUsualBodyBytes = 8'192;
constexpr timeval kReceiveTimeout{5, 0};

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
    case 403:
      return "Forbidden";
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
  static constexpr std::array<std::pair<std::string_view, std::string_view Request::*>, 12> kParameters = {{
      {"REQUEST_METHOD", &Request::method},
      {"DOCUMENT_URI", &Request::path},
      {"REQUEST_URI", &Request::target},
      {"QUERY_STRING", &Request::query},
      {"CONTENT_TYPE", &Request::content_type},
      {"REMOTE_ADDR", &Request::client_ip},
      {"HTTP_USER_AGENT", &Request::user_agent},
      {"HTTP_REFERER", &Request::referer},
      {"HTTP_ACCEPT", &Request::accept},
      {"HTTP_SEC_GPC", &Request::global_privacy_control},
      {"HTTP_DNT", &Request::do_not_track},
      {"PAGE_COUNT_CALLER", &Request::caller},
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

void WriteHead(const Response& response, bool is_whole, FcgiOutput& output) {
  const auto write = [&](const auto&... chunks) { (output.Write(chunks), ...); };
  write("Status: ", std::to_string(response.status), " ", ReasonPhrase(response.status), "\r\n");
  if (!response.content_type.empty()) write("Content-Type: ", response.content_type, "\r\n");
  write("Cache-Control: no-store\r\n");
  for (const auto& [name, value] : response.headers) write(name, ": ", value, "\r\n");
  if (is_whole && response.status != 204) {
    write("Content-Length: ", std::to_string(response.body.size()), "\r\n");
  }
  write("\r\n");
}

}  // namespace

struct FcgiConnection::State {
  // A listener on [::] that takes IPv4 too reports ::ffff:192.0.2.1.
  void SpellClientIp(Request& of) {
    if (of.client_ip.find(':') == of.client_ip.npos) return;
    client_ip = CanonicalIpAddress(of.client_ip).value_or(std::string(of.client_ip));
    of.client_ip = client_ip;
  }

  FcgiOutput Output() { return {request.ipcFd, static_cast<uint16_t>(request.requestId), queue}; }
  void End(FcgiOutput& output, bool is_last) {
    is_last ? output.Finish() : output.Flush();
    is_answered = is_last;
  }

  FCGX_Request request;
  std::string client_ip;  // the Request's, if it is not as nginx wrote it
  SendQueue queue;
  bool is_answered = false;  // all of it is sent, or kept in the queue
};

FcgiConnection::FcgiConnection(int socket) : state_(std::make_unique<State>()) {
  static std::once_flag initialized;
  std::call_once(initialized, [] { FCGX_Init(); });
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &kReceiveTimeout, sizeof(kReceiveTimeout));
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

bool FcgiConnection::HasInput() const {
  int bytes = 0;
  return ioctl(socket(), FIONREAD, &bytes) == 0 && bytes > 0;
}

bool FcgiConnection::Receive(Request& request) {
  FCGX_Request& fcgi = state_->request;
  if (FCGX_Accept_r(&fcgi) != 0) return false;
  SetParameters(fcgi.envp, request);
  state_->SpellClientIp(request);
  std::array<char, 4096> chunk;
  for (int got = 1; got > 0;) {
    got = FCGX_GetStr(chunk.data(), static_cast<int>(chunk.size()), fcgi.in);
    if (request.body.size() + static_cast<size_t>(got) > kMaxBodyBytes) request.body_too_large = true;
    if (!request.body_too_large) request.body.append(chunk.data(), static_cast<size_t>(got));
  }
  const bool whole = FCGX_GetError(fcgi.in) == 0;
  // libfcgi's buffers, while they are in the processor's caches: FcgiOutput writes the answer without them.
  FCGX_FreeStream(&fcgi.in);
  FCGX_FreeStream(&fcgi.out);
  FCGX_FreeStream(&fcgi.err);
  return whole;
}

void FcgiConnection::Release(Request& request) {
  request = Request();
  if (request.body.capacity() > kUsualBodyBytes) request.body.shrink_to_fit();  // a usual one's is for the next
  FCGX_Free(&state_->request, 0);
}

FcgiConnection::Sent FcgiConnection::Send(const Response& response, bool is_whole, bool without_body) {
  FcgiOutput output = state_->Output();
  WriteHead(response, is_whole, output);
  if (!without_body) output.Write(response.body);
  state_->End(output, is_whole || without_body);
  return AfterSending();
}

FcgiConnection::Sent FcgiConnection::SendNext(std::string_view chunk, bool is_last) {
  FcgiOutput output = state_->Output();
  output.Write(chunk);
  state_->End(output, is_last);
  return AfterSending();
}

FcgiConnection::Sent FcgiConnection::Resume() {
  state_->queue.Resume(socket());
  return AfterSending();
}

FcgiConnection::Sent FcgiConnection::AfterSending() {
  if (state_->queue.has_failed()) return Sent::kOver;
  if (!state_->queue.is_empty()) return Sent::kPart;
  if (!state_->is_answered) return Sent::kAll;
  FCGX_Request& fcgi = state_->request;
  FCGX_Free(&fcgi, 0);
  return fcgi.keepConnection != 0 ? Sent::kAll : Sent::kOver;
}

}  // namespace page_count
