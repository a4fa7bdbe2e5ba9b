#include "worker/http/response.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace page_count {
namespace {

using std::chrono::milliseconds;

using Headers = std::vector<std::pair<std::string_view, std::string>>;

TEST(ResponseTest, IsJsonUnlessSaidOtherwise) {
  const Response response = Ok("{}");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body, "{}");
  EXPECT_TRUE(response.headers.empty());
}

TEST(ResponseTest, SaysAnErrorAsItsDetail) {
  const Response response = Error(400, "Invalid \"URL\"\nformat");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body, R"({"detail":"Invalid \"URL\"\nformat"})");
}

TEST(ResponseTest, SaysWhereABodyIsInvalid) {
  const Response response = UnprocessableEntity(InvalidInput{{"body", size_t{3}, "url"}, "Field required", "missing"});
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.body, R"({"detail":[{"loc":["body",3,"url"],"msg":"Field required","type":"missing"}]})");
}

TEST(ResponseTest, ListsEveryInvalidInput) {
  const std::vector<InvalidInput> problems = {{{"query", "hours"}, "a", "b"}, {{"path"}, "c", "d"}};
  EXPECT_EQ(UnprocessableEntity(problems).body,
            R"({"detail":[{"loc":["query","hours"],"msg":"a","type":"b"},{"loc":["path"],"msg":"c","type":"d"}]})");
}

TEST(ResponseTest, SaysWhatBodiesAreRead) {
  const Response type = UnsupportedMediaType("application/json");
  EXPECT_EQ(type.status, 415);
  EXPECT_EQ(type.body, R"({"detail":"Unsupported Media Type, send application/json"})");
  const Response size = PayloadTooLarge(16'384);
  EXPECT_EQ(size.status, 413);
  EXPECT_EQ(size.body, R"json({"detail":"Request body too large (max 16384 bytes)"})json");
}

TEST(ResponseTest, RoundsRetryAfterUpToWholeSeconds) {
  const auto retry_after = [](int64_t ms) { return TooManyRequests(milliseconds(ms)).headers; };
  EXPECT_EQ(retry_after(1), (Headers{{"Retry-After", "1"}}));
  EXPECT_EQ(retry_after(1'000), (Headers{{"Retry-After", "1"}}));
  EXPECT_EQ(retry_after(1'001), (Headers{{"Retry-After", "2"}}));
  EXPECT_EQ(retry_after(59'999), (Headers{{"Retry-After", "60"}}));
  EXPECT_EQ(retry_after(60'000), (Headers{{"Retry-After", "60"}}));
  EXPECT_EQ(retry_after(0), (Headers{{"Retry-After", "1"}}));
}

TEST(ResponseTest, AsksToTryAgainLater) {
  const Response limited = TooManyRequests(milliseconds(1));
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.body, R"({"detail":"Too many requests, please try again later"})");
  const Response unavailable = StorageUnavailable();
  EXPECT_EQ(unavailable.status, 503);
  EXPECT_EQ(unavailable.body, R"({"detail":"Storage unavailable, please try again later"})");
  EXPECT_EQ(unavailable.headers, (Headers{{"Retry-After", "5"}}));
}

}  // namespace
}  // namespace page_count
