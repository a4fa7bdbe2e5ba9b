// Which request ids belong to visits of the last days, so that a request which is sent again records nothing.
//
// Under the write lock and inside the transaction that records the visit: both are there or neither is; once one is
// rolled back it must not be used again. The recent ids are remembered, as whoever records adds to them only at their
// end. An id is given as HashOfRequestId makes it. One a connection; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_LOG_REQUEST_IDS_H_
#define PAGE_COUNT_STORE_SQLITE_LOG_REQUEST_IDS_H_

#include <map>
#include <optional>

#include "worker/base/keyed_hash.h"
#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/visit_id.h"
#include "worker/visits/utc_time.h"

namespace page_count {

inline constexpr char kRecentRequestIds[] = "recent_request_id_after(number, limit) -> number, hash, visit_id";

class RequestIds {
 public:
  explicit RequestIds(Connection& connection);

  // Reads what others added. Before a transaction's first Find or Put.
  void CatchUp();
  // The visit that was recorded with that id, if that is no longer ago than kRequestIdLifetime.
  std::optional<VisitId> Find(const KeyedHash& request_id, UtcTime now);
  // Of one of many visits.
  void Put(const KeyedHash& request_id, VisitId visit);

 private:
  static constexpr size_t kMostRemembered = 1 << 17;

  Connection& connection_;
  Statement find_;
  Statement read_recent_;
  Statement add_recent_;
  std::map<KeyedHash, VisitId> recent_;  // and some that have been moved since
  int64_t seen_ = 0;                     // the number of the last one
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_LOG_REQUEST_IDS_H_
