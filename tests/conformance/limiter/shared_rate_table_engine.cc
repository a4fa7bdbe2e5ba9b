#include "tests/conformance/limiter/engine.h"
#include "tests/unit/temporary_folder.h"
#include "worker/limit/shared_rate_table.h"

namespace page_count {
namespace {

class SharedRateTableEngine : public LimiterEngine {
 public:
  std::unique_ptr<RateLimiter> Open() override {
    return SharedRateTable::Open(
        {.path = folder_.File("rate-table"), .keys = 4'096, .visits_per_key = kMostVisits, .window = kWindow},
        [this] { return now_ms(); });
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace

std::unique_ptr<LimiterEngine> MakeSharedRateTableEngine() { return std::make_unique<SharedRateTableEngine>(); }

}  // namespace page_count
