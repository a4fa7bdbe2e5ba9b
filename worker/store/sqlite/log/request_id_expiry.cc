#include "worker/store/sqlite/log/request_id_expiry.h"

#include <utility>

#include "worker/store/sqlite/engine/write_transaction.h"
#include "worker/store/sqlite/log/visit_id.h"
#include "worker/visits/request_id.h"

namespace page_count {
namespace {

constexpr int64_t kPart = 4'096;  // ids, a transaction's
constexpr std::chrono::hours kRound{24};
const std::string kAfterAll(sizeof(KeyedHash) + 1, '\xff');

}  // namespace

RequestIdExpiry::RequestIdExpiry(Connection& connection, const DatabaseLock& writer, std::function<void()> between)
    : connection_(connection),
      writer_(writer),
      between_(std::move(between)),
      step_(connection, "request_id_step(after_hash, others) -> hash"),
      expire_(connection, "request_id_expire(after_hash, last_hash, before_id)") {}

bool RequestIdExpiry::ForgetSome(UtcTime now) {
  if (next_round_ && now < *next_round_) return false;
  const std::string last = LastOfPart();
  {
    WriteTransaction transaction(connection_, writer_);
    expire_.Execute(after_, last, FirstIdAt(now - kRequestIdLifetime));
    transaction.Commit();
  }
  between_();
  const bool is_over = last == kAfterAll;
  if (is_over) next_round_ = now + kRound;
  after_ = is_over ? std::string() : last;
  return !is_over;
}

std::string RequestIdExpiry::LastOfPart() {
  Rows rows = step_.Run(after_, kPart - 1);
  return rows.Next() ? std::string(rows.Bytes(0)) : kAfterAll;
}

}  // namespace page_count
