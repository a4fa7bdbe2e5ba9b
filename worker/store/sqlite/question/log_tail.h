// The visits that are in no block, read one by one: what an answer adds to the blocks to be exact.
//
// A snapshot of the transaction it was read in. Under load up to a block's visits are in the tail, and some thousand if
// recording pauses.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_LOG_TAIL_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_LOG_TAIL_H_

#include <string>
#include <unordered_map>
#include <vector>

#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/log/visit_log.h"

namespace page_count {

struct LogTail {
  LogState state;
  std::vector<VisitRow> visits;                  // a client without an id goes by a number below 0
  std::vector<std::string> new_clients;          // the packed address of -1, -2, ...
  std::unordered_map<int64_t, int64_t> by_page;  // how many of them are a page's
};

class LogTailReader {
 public:
  explicit LogTailReader(Connection& connection);

  LogTail Read();

 private:
  void NameClients(const std::vector<std::string>& addresses, LogTail& tail);

  LogStateTable state_;
  Statement visit_range_;
  Statement find_clients_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_LOG_TAIL_H_
