// Answers an inquiry in one read transaction: totals over all of time from what is derived, all else by a scan of
// columns.
//
// One a connection, same thread; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_ANALYTICS_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_ANALYTICS_H_

#include <optional>
#include <vector>

#include "worker/store/scan.h"
#include "worker/store/sqlite/columns/block_table.h"
#include "worker/store/sqlite/question/attribute_lookup.h"
#include "worker/store/sqlite/question/attribute_reader.h"
#include "worker/store/sqlite/question/column_scan.h"
#include "worker/store/sqlite/question/filter_reader.h"
#include "worker/store/sqlite/question/log_tail.h"
#include "worker/store/sqlite/question/text_reader.h"
#include "worker/store/sqlite/question/total_figures.h"
#include "worker/store/sqlite/question/visit_scan.h"

namespace page_count {

class Analytics {
 public:
  // Borrows both. `attributes` may be null: then all attributes are empty.
  Analytics(Connection& connection, AttributeSource* attributes);

  Answers Ask(const Inquiry& inquiry);
  // The next visits from the cursor's mark on, as many as make a chunk.
  std::vector<LoggedVisit> ReadChunk(ScanCursor& cursor);
  // See VisitReader.
  VisitId FindEnd(const ScanRange& scan);

 private:
  Groups Count(const Question& question, const LogTail& tail);
  Groups CountBoth(Question question, const LogTail& tail);
  ScanQuestion MakeScan(const Question& question);
  std::vector<LoggedVisit> ReadNewest(const NewestVisits& newest);
  void EndScan();

  Connection& connection_;
  LogTailReader tail_reader_;
  TextReader texts_;
  AttributeReader attributes_;
  AttributeLookup lookup_;
  FilterReader filters_;
  BlockTable blocks_;
  TotalFigures totals_;
  ColumnScan scan_;
  VisitScan visits_;
  Statement bounds_;
  LogStateTable state_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_ANALYTICS_H_
