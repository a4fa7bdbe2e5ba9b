#include "worker/endpoints/next_link.h"

#include "worker/visits/percent_decode.h"
#include "worker/visits/url_parameters.h"

namespace page_count {
namespace {

constexpr size_t kMostBytes = 2'048;  // nginx reads all headers of an answer into 4 KiB

// What clients send raw although no URI has it would end the link, or the header.
void AppendAsUri(std::string_view text, std::string& uri) {
  constexpr std::string_view kHexDigits = "0123456789ABCDEF";
  constexpr std::string_view kNotInUris = "\"<>\\^`{|}";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ' && byte < 0x7f && kNotInUris.find(c) == kNotInUris.npos) {
      uri += c;
    } else {
      uri.append("%").append(1, kHexDigits[byte >> 4]).append(1, kHexDigits[byte & 15]);
    }
  }
}

}  // namespace

std::string NextLink(std::string_view query, int64_t after) {
  std::string link = "<?after=" + std::to_string(after);
  ForEachParameter(query, [&link](std::string_view name, std::string_view value) {
    if (name.empty() || PercentDecode(name) == "after") return;
    link += '&';
    AppendAsUri(name, link);
    link += '=';
    AppendAsUri(value, link);
  });
  link += ">; rel=\"next\"";
  return link.size() <= kMostBytes ? link : "";
}

}  // namespace page_count
