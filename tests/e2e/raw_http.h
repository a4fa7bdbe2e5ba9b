#ifndef PAGE_COUNT_TESTS_E2E_RAW_HTTP_H_
#define PAGE_COUNT_TESTS_E2E_RAW_HTTP_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "tests/e2e/http_client.h"

namespace page_count::e2e {

// A TCP connection for what an HTTP library refuses to send, and for reading as slowly as a test wants. Failures
// and 30 s of silence throw std::runtime_error.
class RawConnection {
 public:
  explicit RawConnection(int port);
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  void Write(std::string_view bytes);
  // At most that many bytes; none at the end of the stream.
  std::string Read(size_t limit_bytes);
  std::string ReadToEnd();

 private:
  int socket_;
};

// Sends the bytes and reads until the server closes, so a well-formed request must say `Connection: close`. The
// body is what follows the headers, still in chunks where it was sent so.
HttpResponse RawExchange(int port, std::string_view bytes);

}  // namespace page_count::e2e

#endif  // PAGE_COUNT_TESTS_E2E_RAW_HTTP_H_
