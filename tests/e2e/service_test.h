#ifndef PAGE_COUNT_TESTS_E2E_SERVICE_TEST_H_
#define PAGE_COUNT_TESTS_E2E_SERVICE_TEST_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/http_client.h"
#include "tests/e2e/json.h"
#include "tests/e2e/service.h"

namespace page_count::e2e {

using Headers = std::vector<std::string>;

inline const Headers kJsonBody = {"Content-Type: application/json"};

// One Service for all tests of a suite. Each test is a client with a source address of its own, and every answer
// that it gets through Send is held against what the contract says of all answers.
class ServiceTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { StartService({}); }
  static void TearDownTestSuite() { service_.reset(); }
  static void StartService(const ServiceOptions& options) { service_ = std::make_unique<Service>(options); }

  ServiceTest();
  void SetUp() override { ASSERT_TRUE(service_) << "the service did not start"; }

  static Service& service() { return *service_; }
  // This test's own address, and any number of others that no other test has.
  const std::string& address() const { return address_; }
  std::string OtherAddress();
  static HttpClient ClientAt(const std::string& address);

  HttpResponse Send(const HttpRequest& request);
  static HttpResponse Send(HttpClient& client, const HttpRequest& request);
  HttpResponse Get(std::string_view target, const Headers& headers = {});
  HttpResponse Post(std::string_view target, std::string_view body, const Headers& headers = kJsonBody);
  HttpResponse Visit(std::string_view url, const Headers& headers = {});
  Json GetJson(std::string_view target);

  // An address of a page that no other test has, in canonical form.
  static std::string Page(std::string_view name = "");
  // How many visits the service keeps.
  int64_t StoredVisits();
  // Records that many visits of the page, from as many addresses as the rate limit needs.
  void RecordVisits(std::string_view url, int count, const std::string& user_agent = "e2e");

 private:
  static inline std::unique_ptr<Service> service_;
  std::string address_;
  std::unique_ptr<HttpClient> client_;
};

// {"url": …}
std::string VisitBody(std::string_view url);
// [{"url": …}, …]: one page, again and again.
std::string BulkBody(std::string_view url, int count);

// The status, and {"detail": "…"} that says nothing of the machine behind.
void ExpectError(const HttpResponse& response, int status);
void ExpectError(const HttpResponse& response, int status, std::string_view detail);
// 422 in the form of a validation error; `loc` as compact JSON: ["body",3,"url"].
void ExpectInvalid(const HttpResponse& response, std::string_view loc);
// 422 for that entry of a bulk body, as a whole or for its URL.
void ExpectInvalidEntry(const HttpResponse& response, size_t index);
// The 1×1 transparent GIF that is not to be cached.
void ExpectPixel(const HttpResponse& response, int status);

}  // namespace page_count::e2e

#endif  // PAGE_COUNT_TESTS_E2E_SERVICE_TEST_H_
