#include "tests/e2e/service_test.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace page_count::e2e {
namespace {

// Tests count up; so that no address comes twice, whatever the suites that run in this process.
std::string NextAddress() {
  static int next = 0;
  const int n = next++;
  return "127." + std::to_string(1 + n / 62500) + "." + std::to_string(1 + n / 250 % 250) + "." +
         std::to_string(1 + n % 250);
}

bool IsPublic(std::string_view path) {
  constexpr std::array<std::string_view, 5> kPublic = {"/", "/visit", "/bulk-visits", "/pixel.gif", "/health"};
  return std::find(kPublic.begin(), kPublic.end(), path) != kPublic.end();
}

void ExpectOnEveryAnswer(const HttpRequest& request, const HttpResponse& response) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  const std::string shown = request.method + " " + path.substr(0, 200) + " → " + std::to_string(response.status);
  EXPECT_EQ(response.HeaderValues("X-Content-Type-Options"), std::vector<std::string>{"nosniff"}) << shown;
  EXPECT_FALSE(response.HasHeader("Access-Control-Allow-Credentials")) << shown;
  if (path.find("..") != std::string::npos || path.find("%2e") != std::string::npos) return;  // another path to nginx
  const auto origins = response.HeaderValues("Access-Control-Allow-Origin");
  const auto policies = response.HeaderValues("Cross-Origin-Resource-Policy");
  EXPECT_EQ(origins, IsPublic(path) ? std::vector<std::string>{"*"} : std::vector<std::string>{}) << shown;
  EXPECT_EQ(policies, IsPublic(path) ? std::vector<std::string>{"cross-origin"} : std::vector<std::string>{}) << shown;
}

// No HTML page of nginx's, no SQL, no stack trace, no path.
void ExpectClean(const HttpResponse& response) {
  std::string lower(response.body);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const char* leak : {"<html", "sqlite", "sql", "select ", "traceback", ".cc:", ".cc\"", "visits.db", "/tmp",
                           "/var/", "/usr/", "/home/", "/root/", "nginx/"}) {
    EXPECT_EQ(lower.find(leak), std::string::npos) << leak << " in " << response.body;
  }
  EXPECT_TRUE(response.Header("Content-Type").starts_with("application/json")) << response.Header("Content-Type");
}

}  // namespace

ServiceTest::ServiceTest() : address_(NextAddress()) {
  if (service_) client_ = std::make_unique<HttpClient>(service_->http_port(), Protocol::kHttp, address_);
}

std::string ServiceTest::OtherAddress() { return NextAddress(); }

HttpClient ServiceTest::ClientAt(const std::string& address) {
  return {service_->http_port(), Protocol::kHttp, address};
}

HttpResponse ServiceTest::Send(HttpClient& client, const HttpRequest& request) {
  HttpResponse response = client.Send(request);
  ExpectOnEveryAnswer(request, response);
  return response;
}

HttpResponse ServiceTest::Send(const HttpRequest& request) { return Send(*client_, request); }

HttpResponse ServiceTest::Get(std::string_view target, const Headers& headers) {
  return Send({.method = "GET", .target = std::string(target), .headers = headers, .body = {}});
}

HttpResponse ServiceTest::Post(std::string_view target, std::string_view body, const Headers& headers) {
  return Send({.method = "POST", .target = std::string(target), .headers = headers, .body = std::string(body)});
}

HttpResponse ServiceTest::Visit(std::string_view url, const Headers& headers) {
  Headers all = kJsonBody;
  all.insert(all.end(), headers.begin(), headers.end());
  return Post("/visit", VisitBody(url), all);
}

Json ServiceTest::GetJson(std::string_view target) {
  const HttpResponse response = Get(target);
  EXPECT_EQ(response.status, 200) << target << ": " << response.body.substr(0, 500);
  EXPECT_TRUE(response.Header("Content-Type").starts_with("application/json")) << response.Header("Content-Type");
  return Json::Parse(response.body);
}

std::string ServiceTest::Page(std::string_view name) {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  return std::string("https://e2e.example/") + test->test_suite_name() + "/" + test->name() + "/" + std::string(name);
}

int64_t ServiceTest::StoredVisits() {
  std::string total = GetJson("/stats?limit=0")["total_visits"].str();
  std::erase(total, ',');
  return std::stoll(total);
}

void ServiceTest::RecordVisits(std::string_view url, int count, const std::string& user_agent) {
  Headers headers = kJsonBody;
  headers.push_back("User-Agent: " + user_agent);
  for (int left = count; left > 0; left -= 20) {
    HttpClient client = ClientAt(OtherAddress());
    const int now = std::min(left, 20);
    const HttpResponse response =
        Send(client, {.method = "POST", .target = "/bulk-visits", .headers = headers, .body = BulkBody(url, now)});
    ASSERT_EQ(Json::Parse(response.body)["visits_recorded"].number(), now) << response.body;
  }
}

std::string VisitBody(std::string_view url) { return "{\"url\": " + Quoted(url) + "}"; }

std::string BulkBody(std::string_view url, int count) {
  std::string body = "[";
  for (int i = 0; i < count; ++i) body += (i == 0 ? "" : ",") + VisitBody(url);
  return body + "]";
}

void ExpectError(const HttpResponse& response, int status) {
  EXPECT_EQ(response.status, status) << response.body;
  ExpectClean(response);
  const Json answer = Json::Parse(response.body);
  EXPECT_EQ(answer.keys(), std::vector<std::string>{"detail"}) << response.body;
  EXPECT_TRUE(answer["detail"].IsString() && !answer["detail"].str().empty()) << response.body;
}

void ExpectError(const HttpResponse& response, int status, std::string_view detail) {
  ExpectError(response, status);
  EXPECT_EQ(Json::Parse(response.body)["detail"].str(), detail);
}

void ExpectInvalid(const HttpResponse& response, std::string_view loc) {
  EXPECT_EQ(response.status, 422) << response.body;
  ExpectClean(response);
  const Json answer = Json::Parse(response.body);
  EXPECT_EQ(answer.keys(), std::vector<std::string>{"detail"}) << response.body;
  const Json first = answer["detail"][0];
  EXPECT_EQ(first["loc"].text(), loc) << response.body;
  EXPECT_TRUE(first["msg"].IsString() && !first["msg"].str().empty()) << response.body;
  EXPECT_TRUE(first["type"].IsString() && !first["type"].str().empty()) << response.body;
}

void ExpectInvalidEntry(const HttpResponse& response, size_t index) {
  EXPECT_EQ(response.status, 422) << response.body;
  const Json loc = Json::Parse(response.body)["detail"][0]["loc"];
  EXPECT_EQ(loc[0].str(), "body") << response.body;
  EXPECT_EQ(loc[1].number(), static_cast<int64_t>(index)) << response.body;
}

void ExpectPixel(const HttpResponse& response, int status) {
  EXPECT_EQ(response.status, status);
  EXPECT_EQ(response.Header("Content-Type"), "image/gif");
  EXPECT_EQ(response.Header("Cache-Control"), "no-store");
  ASSERT_EQ(response.body.size(), 43U);
  EXPECT_EQ(response.body.substr(0, 10), std::string("GIF89a\x01\x00\x01\x00", 10));
  const size_t control = response.body.find("\x21\xF9\x04");
  ASSERT_NE(control, std::string::npos) << "no graphic control extension: not transparent";
  EXPECT_EQ(response.body[control + 3] & 1, 1) << "no transparent colour";
  EXPECT_EQ(response.body.back(), ';');
}

}  // namespace page_count::e2e
