// Visits as a test writes them down for an import.
#ifndef PAGE_COUNT_TESTS_CONFORMANCE_VISIT_LIST_H_
#define PAGE_COUNT_TESTS_CONFORMANCE_VISIT_LIST_H_

#include <vector>

#include "worker/visits/visit_batch.h"

namespace page_count {

struct VisitList {
  std::vector<LoggedVisit> visits;
  VisitOrder order = VisitOrder::kOldestFirst;
};

VisitBatch BatchOf(const VisitList& list);
VisitList ListOf(const VisitBatch& batch);

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_CONFORMANCE_VISIT_LIST_H_
