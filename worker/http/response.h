// One HTTP response, and the answers that several endpoints give.
//
// Owns its text.
#ifndef PAGE_COUNT_HTTP_RESPONSE_H_
#define PAGE_COUNT_HTTP_RESPONSE_H_

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace page_count {

struct Response {
  int status = 200;
  std::string_view content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string_view, std::string>> headers;
};

// A validation error's place, as in ["body", 3, "url"].
using Location = std::vector<std::variant<std::string, size_t>>;

// What a client sent that cannot be read: one entry of a 422.
struct InvalidInput {
  Location location;
  std::string message;
  std::string type;
};

Response Ok(std::string json);
Response Error(int status, std::string_view detail);
Response UnprocessableEntity(std::span<const InvalidInput> problems);
Response UnprocessableEntity(const InvalidInput& problem);
Response UnsupportedMediaType(std::string_view accepted);
Response PayloadTooLarge(size_t limit_bytes);
Response TooManyRequests(std::chrono::milliseconds retry_after);
Response StorageUnavailable();
// For a worker that has as many requests of a kind to work on as it takes.
Response TooBusy();

}  // namespace page_count

#endif  // PAGE_COUNT_HTTP_RESPONSE_H_
