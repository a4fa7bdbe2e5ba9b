// What the parts of a request cost, one by one. Data goes to TMPDIR, which should be on the disk that is asked about.
#include <benchmark/benchmark.h>

#include "tests/bench/visit_law.h"
#include "tests/unit/temporary_folder.h"
#include "worker/endpoints/endpoints.h"
#include "worker/http/json.h"
#include "worker/limit/shared_rate_table.h"

namespace page_count {
namespace {

constexpr size_t kVisits = 100'000;
constexpr size_t kPages = 20'000;
constexpr uint32_t kTableKeys = 65'536;
constexpr uint32_t kVisitLimit = 10;
// Far shorter than the service's, so that visits leave the window as fast as they come in here.
constexpr std::chrono::milliseconds kWindow(100);

struct Sent {
  std::string url;
  std::string ip;
  std::string user_agent;
  std::string body;
};

const std::vector<Sent>& SentVisits() {
  static const std::vector<Sent> visits = [] {
    VisitLaw law(kPages, 1);
    std::vector<Sent> drawn;
    for (size_t i = 0; i < kVisits; ++i) {
      const auto visit = law.Draw();
      const std::string url(visit.url);
      drawn.push_back({url, std::string(visit.ip), std::string(visit.user_agent), R"({"url": ")" + url + "\"}"});
    }
    return drawn;
  }();
  return visits;
}

// The next of the visits, again and again; each thread starts at another one.
class Next {
 public:
  explicit Next(int thread = 0) : visits_(SentVisits()), at_(static_cast<size_t>(thread) * 7'919) {}
  const Sent& operator()() { return visits_[at_++ % kVisits]; }

 private:
  const std::vector<Sent>& visits_;
  size_t at_;
};

SharedRateTable& RateTable() {
  static const TemporaryFolder folder;
  static const auto table = [] {
    SharedRateTable::Options options;
    options.path = folder.File("rate-table");
    options.keys = kTableKeys;
    options.window = kWindow;
    return SharedRateTable::Open(options);
  }();
  return *table;
}

// items_per_second is of one core: by the processor's time, not the clock's.
void DecideOnRate(benchmark::State& state) {
  SharedRateTable& table = RateTable();
  Next next(state.thread_index());
  for ([[maybe_unused]] auto _ : state) {
    const Sent& visit = next();
    benchmark::DoNotOptimize(table.Admit({visit.ip, visit.url}, kVisitLimit));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(DecideOnRate)->Threads(1)->Threads(8);

void CanonicaliseUrl(benchmark::State& state) {
  Next next;
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(TrackedUrl::Parse(next().url));
}
BENCHMARK(CanonicaliseUrl);

void ReadJsonBody(benchmark::State& state) {
  Next next;
  for ([[maybe_unused]] auto _ : state) {
    const auto document = JsonDocument::Parse(next().body);
    benchmark::DoNotOptimize(document->root().Member("url")->Text());
  }
}
BENCHMARK(ReadJsonBody);

struct Endpoints {
  Admission admission{RateTable(), {}};
  Router router = MakeRouter({admission, [] { return UtcTime(); }});

  Answer Post(const Sent& visit) const {
    Request request;
    request.method = "POST";
    request.path = "/visit";
    request.content_type = "application/json";
    request.client_ip = visit.ip;
    request.user_agent = visit.user_agent;
    request.body = visit.body;
    return router.Handle(request);
  }
};

// All that an endpoint does before the store: routing, the body, the URL, the limit.
void RouteAndDecide(benchmark::State& state) {
  const Endpoints endpoints;
  Next next;
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(endpoints.Post(next()));
}
BENCHMARK(RouteAndDecide);

void WriteJsonAnswer(benchmark::State& state) {
  const Endpoints endpoints;
  Sent visit = SentVisits().front();
  visit.ip = "192.0.2.1";  // which no other visit has: it is admitted
  const auto answer = endpoints.Post(visit);
  const auto& recording = std::get<Recording>(answer);
  const Receipt receipt{UtcTime(), 1};
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(recording.answer(recording.visits, {&receipt, 1}));
}
BENCHMARK(WriteJsonAnswer);

}  // namespace
}  // namespace page_count

BENCHMARK_MAIN();
