// The ceiling of page-count's own shape: its event loop and its FastCGI, but every recording request is answered with a
// constant of the length that the real answer has. No limiter, no store. Started as a worker is.
#include <cstdio>
#include <exception>
#include <stdexcept>

#include "tests/bench/zipf_visits.h"
#include "tests/unit/fake_rate_limiter.h"
#include "tests/unit/fake_visit_store.h"
#include "worker/server/event_loop.h"

namespace page_count {
namespace {

constexpr size_t kPages = 20'000;
constexpr size_t kDrawn = 1'000;  // visits that a mean length is taken over
constexpr std::chrono::seconds kDrain(1);
constexpr std::chrono::seconds kReaderTimeout(60);
constexpr size_t kPixelBytes = 43;
constexpr std::string_view kVisitHead = R"({"url":"","ip":"","user_agent":"","status":"recorded","timestamp":")";
constexpr std::string_view kTime = R"(2025-09-14T10:30:00"})";
constexpr std::string_view kBeaconMore = R"("message":"Visit recorded!","visits":"1,234",)";

size_t MeanBytesOfVisit() {
  ZipfVisits law(kPages, 1);
  size_t bytes = 0;
  for (size_t i = 0; i < kDrawn; ++i) {
    const auto visit = law.Draw();
    bytes += visit.url.size() + visit.ip.size() + visit.user_agent.size();
  }
  return bytes / kDrawn;
}

Router<EndpointResult>::Endpoint Constant(std::string_view content_type, size_t bytes) {
  Response response;
  response.content_type = content_type;
  response.body.assign(bytes, 'x');
  return [response](const Request&) { return response; };
}

Router<EndpointResult> MakeEchoRouter() {
  const size_t visit_bytes = kVisitHead.size() + MeanBytesOfVisit() + kTime.size();
  using enum PathRules::Visibility;
  using enum PathRules::Head;
  Router<EndpointResult> router;
  router.Add({"/", kPublic, kNotAllowed}, {{"GET", Constant("application/json", visit_bytes + kBeaconMore.size())}});
  router.Add({"/visit", kPublic, kNotAllowed}, {{"POST", Constant("application/json", visit_bytes)}});
  router.Add({"/pixel.gif", kPublic, kNotAllowed}, {{"GET", Constant("image/gif", kPixelBytes)}});
  router.Add({"/health", kPublic, kAsGet}, {{"GET", Constant("application/json", visit_bytes)}});
  return router;
}

void Serve() {
  EventLoop::BlockSignals();
  const Router<EndpointResult> router = MakeEchoRouter();
  FakeVisitStore store;
  StorageHealth storage_health;
  GroupCommit group_commit(store, storage_health, [](bool) {});
  HealthProbe health(std::make_unique<FakeVisitStore>(), storage_health,
                     {[] { return std::nullopt; }, [] { return int64_t{0}; }});
  Acceptor acceptor(0, "accept");
  FakeRateLimiter limiter;
  Admission admission(limiter, {});
  VisitRecorder visit_recorder(admission, group_commit);
  const OpenStore open_store = [] { return std::make_unique<FakeVisitStore>(); };
  EventLoop loop(kDrain, {{router, visit_recorder, group_commit, storage_health, health, open_store, 1, kReaderTimeout},
                          acceptor});
  if (!loop.Run()) throw std::runtime_error("the event loop has ended");
}

}  // namespace
}  // namespace page_count

int main() {
  try {
    page_count::Serve();
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "page-count-echo: %s\n", error.what());
    return 1;
  }
}
