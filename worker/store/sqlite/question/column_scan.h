// Counts any question from the columns of blocks, and the rows of the tail.
//
// Reads of each block that may hold visits of the range only the columns that the question needs: none if all of its
// visits count alike, the times only if it lies partly in the range or hours are asked for. Many blocks are spread over
// threads, which live for one pass. A pass over the visits takes as many groups as fit in 28 MiB, beside the figures
// and a block of each thread. Asked by the connection's thread; inside a read transaction. Throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_COLUMN_SCAN_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_COLUMN_SCAN_H_

#include <span>
#include <vector>

#include "worker/store/question.h"
#include "worker/store/sqlite/columns/column_source.h"
#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/question/groups.h"
#include "worker/store/sqlite/question/scan_question.h"
#include "worker/store/sqlite/question/scan_threads.h"

namespace page_count {

class ColumnScan {
 public:
  // Borrows it. Several threads read from it at once.
  explicit ColumnScan(ColumnSource& source, size_t most_threads = ScanThreads::Default())
      : source_(source), threads_(most_threads) {}

  // `tail` are the visits after all blocks, in the order of time; a client of theirs below 0 is in no block. `last_ids`
  // are as large as any other id. Returns a row for each group that has a visit, in any order; without group_by one
  // row.
  Groups Count(const ScanQuestion& question, std::span<const VisitRow> tail, const TextIds& last_ids);

 private:
  ColumnSource& source_;
  ScanThreads threads_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_COLUMN_SCAN_H_
