// One connection that nginx keeps open to this worker: requests come in and responses go out, one after the other.
//
// The one place that knows libfcgi, which reads the requests. Owns the socket. Used by one thread at a time. A peer
// that stalls is given up after a timeout, so nothing here blocks for long.
#ifndef PAGE_COUNT_HTTP_FCGI_CONNECTION_H_
#define PAGE_COUNT_HTTP_FCGI_CONNECTION_H_

#include <memory>

#include "worker/http/request.h"
#include "worker/http/response.h"

namespace page_count {

class FcgiConnection {
 public:
  static constexpr size_t kMaxBodyBytes = 1 << 20;  // more is read and dropped

  // Takes over an accepted socket.
  explicit FcgiConnection(int socket);
  ~FcgiConnection();

  int socket() const;
  enum class Received {
    kRequest,  // a whole one; most are left in the socket, which stays readable, until Send
    kNothing,  // nothing has come
    kEnd,      // the peer has closed, or does not speak FastCGI
  };
  // Reads the next request. Waits for the rest of one that has begun, and for none that has not.
  Received Receive(Request& request);
  // For a request of which only the answer is left to do: frees what was received, while that is in the processor's
  // caches still. `request` is empty then. Between Receive and Send.
  void Forget(Request& request);
  // Answers the request and makes ready for the next. A HEAD request gets no body. False where the connection is over.
  bool Send(const Response& response, bool without_body);

 private:
  struct State;
  bool ReadRequest(Request& request);

  std::unique_ptr<State> state_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_HTTP_FCGI_CONNECTION_H_
