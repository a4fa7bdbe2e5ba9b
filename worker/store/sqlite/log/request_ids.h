// Which request ids belong to visits of the last days, so that a request which is sent again records nothing.
//
// Under the write lock and inside the transaction that records the visit: both are there or neither is. One a
// connection; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_LOG_REQUEST_IDS_H_
#define PAGE_COUNT_STORE_SQLITE_LOG_REQUEST_IDS_H_

#include <optional>
#include <string_view>

#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/visit_id.h"
#include "worker/visits/utc_time.h"

namespace page_count {

class RequestIds {
 public:
  explicit RequestIds(Connection& connection);

  // The visit that was recorded with that id, if that is no longer ago than kRequestIdLifetime.
  std::optional<VisitId> Find(std::string_view request_id, UtcTime now);
  void Put(std::string_view request_id, VisitId visit);

 private:
  Statement find_;
  Statement put_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_LOG_REQUEST_IDS_H_
