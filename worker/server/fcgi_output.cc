#include "worker/server/fcgi_output.h"

#include <fastcgi.h>

namespace page_count {
namespace {

constexpr size_t kRecordBytes = 32'768;  // at most, its header included
constexpr size_t kHeaderBytes = sizeof(FCGI_Header);

thread_local std::string thread_record;

FCGI_Header Header(unsigned char type, uint16_t request_id, size_t content_bytes) {
  const auto low = [](size_t number) { return static_cast<unsigned char>(number & 0xff); };
  FCGI_Header header = {};
  header.version = FCGI_VERSION_1;
  header.type = type;
  header.requestIdB1 = low(request_id >> 8);
  header.requestIdB0 = low(request_id);
  header.contentLengthB1 = low(content_bytes >> 8);
  header.contentLengthB0 = low(content_bytes);
  return header;
}

template <typename Struct>
std::string_view BytesOf(const Struct& plain) {
  return {reinterpret_cast<const char*>(&plain), sizeof(plain)};
}

}  // namespace

FcgiOutput::FcgiOutput(int socket, uint16_t request_id, SendQueue& queue)
    : socket_(socket), request_id_(request_id), queue_(queue), record_(thread_record) {
  record_.assign(kHeaderBytes, '\0');
}

void FcgiOutput::Write(std::string_view bytes) {
  for (;;) {
    const std::string_view fits = bytes.substr(0, kRecordBytes - record_.size());
    record_.append(fits);
    bytes.remove_prefix(fits.size());
    if (bytes.empty()) return;
    CompleteRecord();
    Send();
    record_.assign(kHeaderBytes, '\0');
  }
}

void FcgiOutput::Flush() {
  if (record_.size() == kHeaderBytes) return;  // an empty record is the end of an answer
  CompleteRecord();
  Send();
}

void FcgiOutput::Finish() {
  if (record_.size() == kHeaderBytes) {
    record_.clear();
  } else {
    CompleteRecord();
  }
  const FCGI_EndRequestRecord end = {.header = Header(FCGI_END_REQUEST, request_id_, sizeof(FCGI_EndRequestBody)),
                                     .body = {}};
  record_.append(BytesOf(Header(FCGI_STDOUT, request_id_, 0))).append(BytesOf(end));
  Send();
}

void FcgiOutput::CompleteRecord() {
  const size_t content_bytes = record_.size() - kHeaderBytes;
  record_.replace(0, kHeaderBytes, BytesOf(Header(FCGI_STDOUT, request_id_, content_bytes)));
}

void FcgiOutput::Send() { queue_.Send(socket_, record_); }

}  // namespace page_count
