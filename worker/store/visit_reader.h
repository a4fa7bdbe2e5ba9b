// Reads the visits that are kept: the role of a store that endpoints and exports use.
//
// Figures are exact: every visit whose commit has returned, and no other. One thread at a time. A broken machine throws
// StoreError; the next call tries again from the start.
#ifndef PAGE_COUNT_STORE_VISIT_READER_H_
#define PAGE_COUNT_STORE_VISIT_READER_H_

#include <functional>
#include <span>
#include <vector>

#include "worker/store/question.h"
#include "worker/store/scan.h"
#include "worker/visits/visit.h"

namespace page_count {

class VisitReader {
 public:
  virtual ~VisitReader() = default;

  // All of one snapshot.
  virtual Answers Ask(const Inquiry& inquiry) = 0;

  // Returns the next visits of a scan, in its order, and moves the cursor past them: as many as are worth a transaction
  // and take little memory. A visit that was there when the scan began is returned once, unless it is deleted
  // meanwhile; one that is imported meanwhile may be.
  virtual std::vector<LoggedVisit> ReadNext(ScanCursor& cursor) = 0;
  // Where a range with `after` ends: the id of its last visit that is within `limit`, or if it has fewer, that of the
  // newest visit of all, as far as the range goes. What is recorded later has a greater id, so a scan up to there and
  // another one after it miss no visit and return none twice.
  virtual int64_t FindEnd(const ScanRange& range) = 0;
  // Hands over the visits of a range chunk by chunk; ends early if `take` returns false.
  using Take = std::function<bool(std::span<const LoggedVisit>)>;
  void Scan(const ScanRange& range, const Take& take) {
    for (ScanCursor cursor{range}; !cursor.is_over;) {
      const auto visits = ReadNext(cursor);
      if (!visits.empty() && !take(visits)) return;
    }
  }

  // Throws StoreError unless visits can be read. Returns a number that grows with each visit that anybody records.
  virtual int64_t ProbeReading() = 0;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_VISIT_READER_H_
