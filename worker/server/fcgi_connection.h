// One connection that nginx keeps open to this worker: requests come in and responses go out, one after the other.
//
// The one place that knows libfcgi, which reads the requests. Owns the socket. One thread at a time. Sending never
// waits for the peer; a request that stops half-way is given up after a timeout, so nothing here blocks for long.
// Relies on a peer that sends a request only after the last one's answer, as nginx does: libfcgi reads ahead, and would
// lose the beginning of a request that came sooner. Its sender would wait for an answer until its own timeout.
#ifndef PAGE_COUNT_SERVER_FCGI_CONNECTION_H_
#define PAGE_COUNT_SERVER_FCGI_CONNECTION_H_

#include <memory>
#include <string_view>

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
  // Whether bytes can be read at once.
  bool HasInput() const;
  // Reads the next request, of which something has come, and waits for the rest of it. Returns false if the connection
  // is over: the peer has closed, stopped half-way, or does not speak FastCGI.
  [[nodiscard]] bool Receive(Request& request);
  // For a request of which only the answer is left to do: frees what was received, while that is in the processor's
  // caches still. `request` is empty then. Between Receive and Send.
  void Release(Request& request);

  enum class Sent {
    kAll,   // what was to be sent; after the end of the answer the connection is ready for the next request
    kPart,  // the socket is full: the rest is kept, for Resume to send once the socket takes more
    kOver,  // the connection is over
  };
  // Answers the request: with a whole response, or, if SendNext is to send more, with the head of one and the first
  // chunk of its body. `without_body` sends the same head and nothing else, now or later.
  Sent Send(const Response& response, bool is_whole, bool without_body);
  // Sends a further chunk of the body. Only once all before it is sent.
  Sent SendNext(std::string_view chunk, bool is_last);
  // Sends what is kept.
  Sent Resume();

 private:
  struct State;
  Sent AfterSending();

  std::unique_ptr<State> state_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_SERVER_FCGI_CONNECTION_H_
