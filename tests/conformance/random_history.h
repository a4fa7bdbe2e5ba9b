// A history of a storage, drawn from a seed: what is done to stores, and what is asked of them.
//
// The same seed draws the same history, whatever engine it is for. Texts are few, and times lie close together, so that
// visits share pages, clients, hours and the edges of ranges.
#ifndef PAGE_COUNT_TESTS_CONFORMANCE_RANDOM_HISTORY_H_
#define PAGE_COUNT_TESTS_CONFORMANCE_RANDOM_HISTORY_H_

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "tests/conformance/simple_attributes.h"
#include "tests/conformance/visit_list.h"
#include "worker/store/question.h"
#include "worker/store/scan.h"
#include "worker/visits/visit.h"

namespace page_count {

class RandomHistory {
 public:
  // Borrows `attributes`.
  RandomHistory(uint64_t seed, SimpleAttributes& attributes) : attributes_(attributes), random_(seed) {}

  // From 0 up to, and not, `end`.
  size_t Below(size_t end) { return std::uniform_int_distribution<size_t>(0, end - 1)(random_); }
  bool OnceIn(size_t times) { return Below(times) == 0; }

  std::vector<Visit> DrawBatch();
  // Whole seconds of the last three days. Even ones where the oldest comes first, so that the two orders share none.
  VisitList DrawImport(UtcTime now);
  // Of all of time, of whole hours, or with edges at and beside the times of visits.
  TimeRange DrawRange(std::span<const LoggedVisit> log, UtcTime now);
  Inquiry DrawInquiry(std::span<const LoggedVisit> log, UtcTime now);
  ScanRange DrawScan(std::span<const LoggedVisit> log, UtcTime now);

 private:
  std::string DrawText(Dimension column);
  UtcTime DrawTime(std::span<const LoggedVisit> log, UtcTime now);
  Question DrawQuestion(std::span<const LoggedVisit> log, UtcTime now);
  Question DrawQuestionOfAnEndpoint(std::span<const LoggedVisit> log, UtcTime now);

  std::vector<Dimension> DrawGroups();
  Intervals DrawIntervals(UtcTime now, TimeRange& range);

  SimpleAttributes& attributes_;
  std::mt19937_64 random_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_CONFORMANCE_RANDOM_HISTORY_H_
