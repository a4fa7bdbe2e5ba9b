// What the tests of endpoints share: the service with a store and a limiter that a test controls, and a way through the
// router to what the client gets in the end.
#ifndef PAGE_COUNT_TESTS_UNIT_ENDPOINT_FIXTURE_H_
#define PAGE_COUNT_TESTS_UNIT_ENDPOINT_FIXTURE_H_

#include <gtest/gtest.h>
#include <poll.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "tests/unit/fake_rate_limiter.h"
#include "tests/unit/fake_visit_store.h"
#include "worker/endpoints/endpoints.h"
#include "worker/ingest/group_commit.h"
#include "worker/ingest/visit_recorder.h"

namespace page_count {

class EndpointTest : public testing::Test {
 protected:
  static constexpr std::string_view kIp = "192.0.2.1";

  explicit EndpointTest(std::shared_ptr<const RecordingPolicy> policy = std::make_shared<RecordingPolicy>())
      : router_(
            MakeRouter({[this] { return now_; }, std::move(policy), [this](Visit& visit) { keep_address_(visit); }})) {}

  // Answers as the event loop does: what is to be recorded is recorded, a job runs.
  Response Handle(Request request) {
    if (request.client_ip.empty()) request.client_ip = kIp;
    Response response;
    EndpointResult result = router_.Handle(request);
    if (auto* visits = std::get_if<RecordVisits>(&result)) {
      bool is_answered = false;
      visit_recorder_.Record(std::move(*visits), [&](const Response& sent) {
        response = sent;
        is_answered = true;
      });
      if (!is_answered) Commit();
    } else if (auto* job = std::get_if<BackgroundJob>(&result)) {
      if (!storage_health_.Run(job->use, [&] { response = Whole(job->run(store_)); })) response = StorageUnavailable();
    } else if (auto* question = std::get_if<HealthQuestion>(&result)) {
      response = question->answer(is_healthy_);
    } else {
      response = std::move(std::get<Response>(result));
    }
    return response;
  }

  EndpointResult Ask(const Request& request) { return router_.Handle(request); }
  Response Get(std::string_view path, std::string_view query = {}) {
    return Handle({.method = "GET", .path = path, .query = query});
  }
  Response Post(std::string_view path, std::string body, std::string_view content_type = "application/json") {
    return Handle({.method = "POST", .path = path, .content_type = content_type, .body = std::move(body)});
  }

  static std::string Header(const Response& response, std::string_view name) {
    for (const auto& [header, value] : response.headers) {
      if (header == name) return value;
    }
    return "none";
  }

  FakeVisitStore store_;
  FakeRateLimiter limiter_;
  bool is_healthy_ = true;
  std::function<void(Visit&)> keep_address_ = [](Visit&) {};
  UtcTime now_ = std::chrono::sys_days(std::chrono::year(2025) / 9 / 14) + std::chrono::milliseconds(37'800'250);

 private:
  Response Whole(std::variant<Response, StreamedResponse> result) {
    if (auto* response = std::get_if<Response>(&result)) return std::move(*response);
    auto& [response, next_piece] = std::get<StreamedResponse>(result);
    while (next_piece(store_, response.body)) {
    }
    return std::move(response);
  }
  void Commit() {
    group_commit_.Flush(1);
    if (!group_commit_.under_way_since()) return;
    pollfd done{group_commit_.done_descriptor(), POLLIN, 0};
    poll(&done, 1, -1);
    group_commit_.Complete();
  }

  StorageHealth storage_health_;
  Admission admission_{limiter_, {}};
  GroupCommit group_commit_{store_, storage_health_, [](bool) {}};
  VisitRecorder visit_recorder_{admission_, group_commit_};
  Router<EndpointResult> router_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_UNIT_ENDPOINT_FIXTURE_H_
