#include "worker/store/sqlite/log/request_id_job.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "worker/store/sqlite/engine/write_transaction.h"
#include "worker/store/sqlite/log/request_ids.h"
#include "worker/store/sqlite/log/visit_id.h"
#include "worker/visits/request_id.h"

namespace page_count {
namespace {

constexpr int64_t kMovedTogether = 32'768;  // ids, sorted,
constexpr size_t kMovedAtOnce = 1'024;      // and so many a transaction's
constexpr int64_t kFewToMove = 4'096;
constexpr int64_t kPart = 4'096;  // ids, a transaction's
constexpr std::chrono::hours kRound{24};

struct RequestId {
  static constexpr size_t kIntegers = 1;

  int64_t visit_id;
  std::string_view hash;
};

const std::string kAfterAll(sizeof(KeyedHash) + 1, '\xff');

}  // namespace

RequestIdJob::RequestIdJob(Connection& connection, const DatabaseLock& writer, std::function<void()> between)
    : connection_(connection),
      writer_(writer),
      between_(std::move(between)),
      count_recent_(connection, "recent_request_id_count() -> ids"),
      read_recent_(connection, kRecentRequestIds),
      add_(connection, "request_id_add(rows(visit_id, hash))"),
      delete_recent_(connection, "recent_request_id_delete(last_number)"),
      step_(connection, "request_id_step(after_hash, others) -> hash"),
      expire_(connection, "request_id_expire(after_hash, last_hash, before_id)") {}

// Dead in between: some ids are in both tables, and are moved again.
bool RequestIdJob::MoveSome(bool is_quiet) {
  if (count_recent_.ReadInt() < (is_quiet ? kFewToMove : kMovedTogether)) return false;
  std::vector<std::pair<std::string, int64_t>> recent;
  int64_t last_number = 0;
  {
    Rows rows = read_recent_.Run(int64_t{0}, kMovedTogether);
    while (rows.Next()) {
      last_number = rows.Int(0);
      recent.emplace_back(rows.Bytes(1), rows.Int(2));
    }
  }
  std::sort(recent.begin(), recent.end());
  for (size_t first = 0; first < recent.size(); first += kMovedAtOnce) {
    std::vector<RequestId> some;
    for (size_t i = first; i < std::min(first + kMovedAtOnce, recent.size()); ++i) {
      some.push_back({recent[i].second, recent[i].first});
    }
    {
      WriteTransaction transaction(connection_, writer_);
      add_.Execute(ArrayRows(some));
      transaction.Commit();
    }
    between_();
  }
  {
    WriteTransaction transaction(connection_, writer_);
    delete_recent_.Execute(last_number);
    transaction.Commit();
  }
  between_();
  return true;
}

bool RequestIdJob::ForgetSome(UtcTime now) {
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

std::string RequestIdJob::LastOfPart() {
  Rows rows = step_.Run(after_, kPart - 1);
  return rows.Next() ? std::string(rows.Bytes(0)) : kAfterAll;
}

}  // namespace page_count
