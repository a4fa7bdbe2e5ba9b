// The rate limit as the contract says it, without a thought of memory or speed: a key's visits are never forgotten.
#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "tests/conformance/limiter/engine.h"

namespace page_count {
namespace {

using Visits = std::deque<uint64_t>;  // their times in ms, oldest first

class NaiveEngine : public LimiterEngine {
 public:
  std::unique_ptr<RateLimiter> Open() override { return std::make_unique<Limiter>(*this); }

 private:
  class Limiter : public RateLimiter {
   public:
    explicit Limiter(NaiveEngine& engine) : engine_(engine) {}

    void Admit(std::span<const RateKey> keys, uint32_t visits, OnDecided on_decided) override {
      std::vector<Decision> decisions;
      for (const RateKey& key : keys) decisions.push_back(Decide(engine_.VisitsOf(key), visits));
      on_decided(decisions);
    }
    void Refund(std::span<const RateKey> keys) override {
      for (const RateKey& key : keys) {
        if (Visits& logged = engine_.VisitsOf(key); !logged.empty()) logged.pop_back();
      }
    }

   private:
    Decision Decide(Visits& logged, uint32_t visits) {
      constexpr auto kWindowMs = static_cast<uint64_t>(kWindow.count());
      const uint64_t now_ms = engine_.now_ms();
      const auto in_window =
          std::count_if(logged.begin(), logged.end(), [now_ms](uint64_t at_ms) { return now_ms - at_ms < kWindowMs; });
      if (in_window < visits) {
        logged.push_back(now_ms);
        return {Verdict::kAdmitted};
      }
      const uint64_t leaves_next_ms = logged[logged.size() - visits] + kWindowMs;
      return {Verdict::kRefused, std::chrono::milliseconds(leaves_next_ms - now_ms)};
    }

    NaiveEngine& engine_;
  };

  Visits& VisitsOf(const RateKey& key) { return logs_[{std::string(key.client), std::string(key.page)}]; }

  std::map<std::pair<std::string, std::string>, Visits> logs_;
};

}  // namespace

std::unique_ptr<LimiterEngine> MakeNaiveEngine() { return std::make_unique<NaiveEngine>(); }

}  // namespace page_count
