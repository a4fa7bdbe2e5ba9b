#include "tests/e2e/load.h"

#include <algorithm>
#include <exception>
#include <iterator>

#include "tests/e2e/http_client.h"

namespace page_count::e2e {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

HttpRequest RecordingOf(const std::string& page, int number) {
  switch (number % 4) {
    case 0:
      return {.method = "GET", .target = "/?url=" + Encoded(page), .headers = {}, .body = {}};
    case 1:
      return {.method = "GET", .target = "/pixel.gif?url=" + Encoded(page), .headers = {}, .body = {}};
    default:
      return {.method = "POST",
              .target = "/visit",
              .headers = {"Content-Type: application/json"},
              .body = R"({"url":")" + page + R"("})"};
  }
}

// The answer's status, or what kept it from coming.
std::string Outcome(HttpClient& client, const HttpRequest& request) {
  try {
    const HttpResponse response = client.Send(request);
    return response.status == 200 ? "200" : std::to_string(response.status) + " " + response.body;
  } catch (const std::exception& error) {
    return error.what();
  }
}

std::string Failure(const std::string& page, milliseconds taken, const std::string& outcome) {
  return page + " after " + std::to_string(taken.count()) + " ms: " + outcome;
}

}  // namespace

std::string LoadReport::FailureText() const {
  std::string text = std::to_string(failures.size()) + " of " + std::to_string(requests()) + " requests failed:\n";
  for (size_t i = 0; i < std::min<size_t>(failures.size(), 10); ++i) text += failures[i] + "\n";
  return text;
}

Load::Load(int port, const LoadOptions& options)
    : port_(port), options_(options), reports_(static_cast<size_t>(options.clients)) {
  for (int client = 0; client < options.clients; ++client) threads_.emplace_back([this, client] { Run(client); });
}

Load::~Load() { Join(); }

void Load::Run(int client) {
  LoadReport& report = reports_[static_cast<size_t>(client)];
  HttpClient http(port_, Protocol::kHttp,
                  "127.90." + std::to_string(client / 250) + "." + std::to_string(1 + client % 250));
  const std::string pages = "https://" + options_.site + "/" + std::to_string(client) + "/";
  for (int number = 0; !stopping_; ++number) {
    const std::string page = pages + std::to_string(number);
    const auto start = steady_clock::now();
    const std::string outcome = Outcome(http, RecordingOf(page, number));
    const auto taken = std::chrono::ceil<milliseconds>(steady_clock::now() - start);
    report.slowest = std::max(report.slowest, taken);
    if (outcome == "200") {
      report.acknowledged.push_back(page);
      ++acknowledged_;
    } else {
      report.failures.push_back(Failure(page, taken, outcome));
    }
    ++requests_;
    if (options_.pause.count() > 0) std::this_thread::sleep_for(options_.pause);
  }
}

void Load::Join() {
  stopping_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

LoadReport Load::Stop() {
  Join();
  LoadReport all;
  for (LoadReport& report : reports_) {
    std::move(report.acknowledged.begin(), report.acknowledged.end(), std::back_inserter(all.acknowledged));
    std::move(report.failures.begin(), report.failures.end(), std::back_inserter(all.failures));
    all.slowest = std::max(all.slowest, report.slowest);
  }
  return all;
}

}  // namespace page_count::e2e
