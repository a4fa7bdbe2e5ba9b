// What a scan of columns is asked: a Question with ids in place of texts.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_SCAN_QUESTION_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_SCAN_QUESTION_H_

#include <vector>

#include "worker/store/question.h"
#include "worker/store/sqlite/log/visit_id.h"
#include "worker/store/sqlite/question/block_visits.h"

namespace page_count {

struct ScanQuestion {
  VisitId from = kNoVisit;
  VisitId before = kAfterAllVisits;
  IdFilters filters = {};
  DerivedKeys derived = {};
  std::vector<Dimension> group_by = {};
  Question::Measure measure = Question::Measure::kVisits;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_SCAN_QUESTION_H_
