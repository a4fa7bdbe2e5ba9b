// What the parts of a request cost, one by one. Data goes to TMPDIR, which should be on the disk that is asked about.
#include <benchmark/benchmark.h>

#include "tests/bench/zipf_visits.h"
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
    ZipfVisits law(kPages, 1);
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

// As many keys as the table keeps without having to forget any, their texts in a row: where a request has just been
// read, they are in the processor's cache.
class RateKeys {
 public:
  RateKeys() {
    for (size_t i = 0; i < kKeys; ++i) texts_.append(SentVisits()[i].ip).append(SentVisits()[i].url);
    for (size_t i = 0, at = 0; i < kKeys; ++i) {
      const auto text = [&](size_t bytes) {
        return std::string_view(texts_).substr(std::exchange(at, at + bytes), bytes);
      };
      const std::string_view ip = text(SentVisits()[i].ip.size());
      keys_.push_back({ip, text(SentVisits()[i].url.size())});
    }
  }
  const RateKey& at(size_t i) const { return keys_[i % kKeys]; }

 private:
  static constexpr size_t kKeys = kTableKeys / 2;

  std::string texts_;
  std::vector<RateKey> keys_;
};

// items_per_second is of one core: by the processor's time, not the clock's.
void DecideOnRate(benchmark::State& state) {
  static const RateKeys keys;
  SharedRateTable& table = RateTable();
  size_t next = static_cast<size_t>(state.thread_index()) * 7'919;
  for ([[maybe_unused]] auto _ : state) {
    table.Admit({&keys.at(next++), 1}, kVisitLimit, [](auto decisions) { benchmark::DoNotOptimize(decisions[0]); });
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
  Router<EndpointResult> router = MakeRouter({[] { return UtcTime(); }});

  RecordVisits Post(const Sent& visit) const {
    Request request;
    request.method = "POST";
    request.path = "/visit";
    request.content_type = "application/json";
    request.client_ip = visit.ip;
    request.user_agent = visit.user_agent;
    request.body = visit.body;
    return std::get<RecordVisits>(router.Handle(request));
  }
};

// All that an endpoint does before the store: routing, the body, the URL, the limit.
void RouteAndDecide(benchmark::State& state) {
  Endpoints endpoints;
  Next next;
  for ([[maybe_unused]] auto _ : state) {
    const RecordVisits request = endpoints.Post(next());
    endpoints.admission.Admit(request.visits, request.limit,
                              [](auto decisions) { benchmark::DoNotOptimize(decisions[0]); });
  }
}
BENCHMARK(RouteAndDecide);

void WriteJsonAnswer(benchmark::State& state) {
  const Endpoints endpoints;
  const RecordVisits request = endpoints.Post(SentVisits().front());
  const Receipt receipt{UtcTime(), 1};
  const auto outcome = RecordOutcome::Recorded({true, request.visits, {&receipt, 1}}, 0, {});
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(request.respond(outcome));
}
BENCHMARK(WriteJsonAnswer);

}  // namespace
}  // namespace page_count

BENCHMARK_MAIN();
