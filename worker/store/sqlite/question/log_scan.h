// Counts any question from the rows of the log: right for all of them, and as slow as the range is long.
//
// One a connection, same thread; inside a read transaction. Throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_LOG_SCAN_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_LOG_SCAN_H_

#include "worker/store/sqlite/question/groups.h"
#include "worker/store/sqlite/question/log_tail.h"
#include "worker/store/sqlite/question/text_reader.h"

namespace page_count {

class LogScan {
 public:
  // Borrows both.
  LogScan(Connection& connection, TextReader& texts);

  Groups Count(const Question& question, const LogTail& tail);

 private:
  TextReader& texts_;
  Statement visit_range_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_LOG_SCAN_H_
