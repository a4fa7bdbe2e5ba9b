#include "tests/conformance/visit_list.h"

#include <string>

namespace page_count {

VisitBatch BatchOf(const VisitList& list) {
  VisitBatch batch;
  batch.order = list.order;
  for (const LoggedVisit& visit : list.visits) {
    batch.visits.push_back(
        {{batch.of(Dimension::kPage).Add(visit.url), batch.of(Dimension::kClient).Add(visit.ip),
          batch.of(Dimension::kAgent).Add(visit.user_agent), batch.of(Dimension::kSource).Add(visit.source)},
         visit.at});
  }
  return batch;
}

VisitList ListOf(const VisitBatch& batch) {
  VisitList list{{}, batch.order};
  for (const VisitBatch::Row& row : batch.visits) {
    const auto text = [&](Dimension column) {
      return std::string(batch.of(column).texts()[row.texts[IndexOf(column)]]);
    };
    list.visits.push_back(
        {text(Dimension::kPage), text(Dimension::kClient), text(Dimension::kAgent), row.at, text(Dimension::kSource)});
  }
  return list;
}

}  // namespace page_count
