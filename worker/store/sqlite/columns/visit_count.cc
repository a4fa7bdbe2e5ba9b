#include "worker/store/sqlite/columns/visit_count.h"

#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/log/visit_log.h"

namespace page_count {

int64_t CountVisits(Connection& connection) {
  Transaction snapshot(connection, Transaction::Kind::kRead);
  return Statement(connection, "block_sum() -> visits").ReadInt() +
         Statement(connection, kVisitCount).ReadInt(LogStateTable(connection).Read().sealed_watermark, kAfterAllVisits);
}

}  // namespace page_count
