// One HTTP request as nginx hands it over.
//
// Borrows everything but the body from its connection; valid until the request is answered, or
// released while its visits wait to be recorded.
#ifndef PAGE_COUNT_HTTP_REQUEST_H_
#define PAGE_COUNT_HTTP_REQUEST_H_

#include <string>
#include <string_view>

namespace page_count {

struct Request {
  std::string_view method;
  std::string_view path;          // DOCUMENT_URI: decoded and normalised, what nginx chose its location by
  std::string_view target;        // REQUEST_URI: as the client sent it, query included; of /stats/<url> only
  std::string_view query;         // without the question mark
  std::string_view content_type;  // empty if there is none, as are the headers below
  std::string_view client_ip;     // REMOTE_ADDR, what nginx settled on, as ip_address.h spells it
  std::string_view user_agent;
  std::string_view referer;
  std::string_view accept;
  std::string_view global_privacy_control;  // Sec-GPC
  std::string_view do_not_track;            // DNT
  std::string_view caller;                  // "operator" if nginx knows that it is; of /bulk-visits only
  std::string body;
  bool body_too_large = false;  // the body was longer than any endpoint reads, and is not in `body`
};

}  // namespace page_count

#endif  // PAGE_COUNT_HTTP_REQUEST_H_
