// What becomes of the visits of one request: rate limit, group commit, response.
//
// All visits of a request are put to the limiter in one call; those that it admits are committed together, and the
// endpoint's function makes the response of what came out. Visits that were admitted and could not be made durable, or
// were recorded before, are refunded to the limiter, here and nowhere else. One that the limiter refuses is looked for
// if it has a request id: a request that is sent again gets its answer whatever the limit. If the limiter is
// unavailable nothing is recorded, as if the storage were. Borrows its parts, which outlive the requests. Of the event
// loop's thread.
#ifndef PAGE_COUNT_INGEST_VISIT_RECORDER_H_
#define PAGE_COUNT_INGEST_VISIT_RECORDER_H_

#include <chrono>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "worker/http/response.h"
#include "worker/ingest/group_commit.h"
#include "worker/limit/admission.h"
#include "worker/visits/visit.h"

namespace page_count {

class RecordOutcome {
 public:
  static RecordOutcome Unavailable() { return RecordOutcome(); }
  // Nothing was to be committed, because the limiter refused so many visits, or all.
  static RecordOutcome Refused(size_t visits, std::chrono::milliseconds retry_after);
  // `refused` were not committed, because the limiter refused them.
  static RecordOutcome Recorded(const CommitResult& result, size_t refused, std::chrono::milliseconds retry_after);

  // The limiter refused every visit; the last one would be admitted after retry_after.
  bool limited() const { return available_ && recorded_ + duplicates_ == 0 && refused_ > 0; }
  std::chrono::milliseconds retry_after() const { return retry_after_; }
  // The storage or the limiter does not work: no visit is acknowledged, and none counts in the limit. After a sync
  // that failed they may be in the log all the same.
  bool unavailable() const { return !available_; }

  size_t recorded() const { return recorded_; }
  size_t duplicates() const { return duplicates_; }
  size_t refused() const { return refused_; }
  // Of a request with one visit that was recorded, now or before.
  const Visit& visit() const { return visits_.front(); }
  const Receipt& receipt() const { return receipts_.front(); }

 private:
  RecordOutcome() = default;

  bool available_ = false;
  std::span<const Visit> visits_;
  std::span<const Receipt> receipts_;
  size_t recorded_ = 0;
  size_t duplicates_ = 0;
  size_t refused_ = 0;
  std::chrono::milliseconds retry_after_{0};
};

// What a recording endpoint returns: the visits of one client, in their order, and the response to each outcome.
// `respond` must not touch the request, which is gone by then.
struct RecordVisits {
  using Respond = std::function<Response(const RecordOutcome&)>;

  RecordVisits(std::vector<Visit> all, Limit visits_limit, Respond response_to)
      : visits(std::move(all)), limit(visits_limit), respond(std::move(response_to)) {}
  RecordVisits(Visit visit, Limit visits_limit, Respond response_to)
      : limit(visits_limit), respond(std::move(response_to)) {
    visits.push_back(std::move(visit));
  }

  std::vector<Visit> visits;
  Limit limit;
  Respond respond;
};

class VisitRecorder {
 public:
  // Called once, before Record returns or later.
  using Send = std::function<void(const Response&)>;

  VisitRecorder(Admission& admission, GroupCommit& group_commit) : admission_(admission), group_commit_(group_commit) {}

  void Record(RecordVisits request, Send send);

 private:
  using Decisions = std::span<const RateLimiter::Decision>;

  void Commit(RecordVisits request, Decisions decisions, Send send);
  // What the limiter has counted of these visits and was not recorded.
  void Refund(const CommitResult& result);

  Admission& admission_;
  GroupCommit& group_commit_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_INGEST_VISIT_RECORDER_H_
