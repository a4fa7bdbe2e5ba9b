#ifndef PAGE_COUNT_TESTS_E2E_HTTP_CLIENT_H_
#define PAGE_COUNT_TESTS_E2E_HTTP_CLIENT_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace page_count::e2e {

enum class Protocol { kHttp, kHttps, kHttp2 };

struct HttpRequest {
  std::string method = "GET";
  // Sent byte by byte as it is: no dot segment is removed, nothing is encoded.
  std::string target = "/";
  // "Name: value"; "Name;" sends an empty value. Without a Content-Type here none is sent.
  std::vector<std::string> headers;
  std::optional<std::string> body;
};

struct HttpResponse {
  int status = 0;
  bool is_http2 = false;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  // Every value of that header, whatever its case.
  std::vector<std::string> HeaderValues(std::string_view name) const;
  // The first value; empty where there is none.
  std::string Header(std::string_view name) const;
  bool HasHeader(std::string_view name) const { return !HeaderValues(name).empty(); }
};

// One client of the service: a source address (any of 127.0.0.0/8) and its kept connection. No thread but the
// one that made it may use it. A transport failure or 30 s without an answer throws std::runtime_error.
class HttpClient {
 public:
  HttpClient(int port, Protocol protocol, const std::string& source_address);

  HttpResponse Send(const HttpRequest& request);

 private:
  struct CloseHandle {
    void operator()(void* handle) const;
  };

  int port_;
  Protocol protocol_;
  std::string source_address_;
  std::unique_ptr<void, CloseHandle> handle_;
};

// Percent-encodes all but RFC 3986's unreserved characters: fit for a query value or one path segment.
std::string Encoded(std::string_view text);

// The header of HTTP Basic authentication.
std::string BasicCredentials(std::string_view user, std::string_view password);

}  // namespace page_count::e2e

#endif  // PAGE_COUNT_TESTS_E2E_HTTP_CLIENT_H_
