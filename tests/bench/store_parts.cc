// What the store's parts cost: a batch's commit, the sync, sealing.
#include <benchmark/benchmark.h>

#include "tests/bench/zipf_visits.h"
#include "tests/unit/temporary_folder.h"
#include "worker/store/sqlite/sqlite_visit_store.h"

namespace page_count {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kPages = 20'000;
constexpr size_t kMaintainedEvery = 16'384;  // visits: what a worker's other thread does meanwhile
constexpr int64_t kCounted = 8'192;

UtcTime Now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

// A store in a folder of its own, and batches of visits for it.
class StoreUnderTest {
 public:
  void DrawBatch(size_t visits) {
    visits_.clear();
    batch_.clear();
    for (size_t i = 0; i < visits; ++i) {
      const auto drawn = law_.Draw();
      visits_.push_back({*TrackedUrl::Parse(drawn.url), std::string(drawn.ip), std::string(drawn.user_agent)});
    }
    for (const Visit& visit : visits_) batch_.push_back(&visit);
  }
  void Commit() {
    benchmark::DoNotOptimize(store_.Commit(batch_));
    committed_ += batch_.size();
  }
  void MakeDurable() { store_.MakeDurable(); }
  void MaintainAll() {
    while (store_.Maintain(StoreAdmin::Load::kQuiet)) {
    }
    committed_ = 0;
  }
  void MaintainIfDue() {
    if (committed_ >= kMaintainedEvery) MaintainAll();
  }

 private:
  TemporaryFolder folder_;
  ZipfVisits law_{kPages, 1};
  SqliteVisitStore store_{{folder_.File("visits.db"), true, Now}};
  std::vector<Visit> visits_;
  std::vector<const Visit*> batch_;
  size_t committed_ = 0;
};

template <typename Work>
void Timed(benchmark::State& state, Work work) {
  const auto start = Clock::now();
  work();
  state.SetIterationTime(std::chrono::duration<double>(Clock::now() - start).count());
}

void CommitBatch(benchmark::State& state, bool with_sync) {
  StoreUnderTest store;
  for ([[maybe_unused]] auto _ : state) {
    store.DrawBatch(static_cast<size_t>(state.range(0)));
    Timed(state, [&] {
      store.Commit();
      if (with_sync) store.MakeDurable();
    });
    store.MaintainIfDue();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void CommitBatchWithoutSync(benchmark::State& state) { CommitBatch(state, false); }
BENCHMARK(CommitBatchWithoutSync)->Arg(1)->Arg(32)->Arg(128)->UseManualTime();

void CommitBatchWithSync(benchmark::State& state) { CommitBatch(state, true); }
BENCHMARK(CommitBatchWithSync)->Arg(1)->Arg(32)->Arg(128)->UseManualTime();

void SyncBatch(benchmark::State& state) {
  StoreUnderTest store;
  for ([[maybe_unused]] auto _ : state) {
    store.DrawBatch(static_cast<size_t>(state.range(0)));
    store.Commit();
    Timed(state, [&] { store.MakeDurable(); });
    store.MaintainIfDue();
  }
}
BENCHMARK(SyncBatch)->Arg(1)->Arg(32)->Arg(128)->UseManualTime();

// With the checkpoints that come due meanwhile.
void Count(benchmark::State& state) {
  StoreUnderTest store;
  for ([[maybe_unused]] auto _ : state) {
    store.DrawBatch(kCounted);
    store.Commit();
    Timed(state, [&] { store.MaintainAll(); });
  }
  state.SetItemsProcessed(state.iterations() * kCounted);
}
BENCHMARK(Count)->UseManualTime();

}  // namespace
}  // namespace page_count
