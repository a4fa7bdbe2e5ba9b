#include "worker/ingest/visit_recorder.h"

#include <algorithm>

namespace page_count {
namespace {

using Verdict = RateLimiter::Verdict;

bool IsAdmitted(const RateLimiter::Decision& decision) { return decision.verdict == Verdict::kAdmitted; }

// Those that were admitted, in their order, and those that may have been recorded before.
std::vector<Visit> TakeToCommit(std::vector<Visit>& visits, std::span<const RateLimiter::Decision> decisions) {
  if (std::all_of(decisions.begin(), decisions.end(), IsAdmitted)) return std::move(visits);
  std::vector<Visit> taken;
  for (size_t i = 0; i < visits.size(); ++i) {
    visits[i].only_if_recorded = !IsAdmitted(decisions[i]);
    if (!visits[i].only_if_recorded || !visits[i].request_id.empty()) taken.push_back(std::move(visits[i]));
  }
  return taken;
}

}  // namespace

RecordOutcome RecordOutcome::Refused(size_t visits, std::chrono::milliseconds retry_after) {
  RecordOutcome outcome;
  outcome.available_ = true;
  outcome.refused_ = visits;
  outcome.retry_after_ = retry_after;
  return outcome;
}

RecordOutcome RecordOutcome::Recorded(const CommitResult& result, size_t refused,
                                      std::chrono::milliseconds retry_after) {
  RecordOutcome outcome = Refused(refused, retry_after);
  outcome.visits_ = result.visits;
  outcome.receipts_ = result.receipts;
  for (const Receipt& receipt : result.receipts) {
    switch (receipt.outcome) {
      case Receipt::Outcome::kRecorded:
        ++outcome.recorded_;
        break;
      case Receipt::Outcome::kDuplicate:
        ++outcome.duplicates_;
        break;
      case Receipt::Outcome::kRefused:
        ++outcome.refused_;
        break;
    }
  }
  return outcome;
}

void VisitRecorder::Record(RecordVisits request, Send send) {
  const std::span<const Visit> visits(request.visits);
  const Limit limit = request.limit;
  admission_.Admit(visits, limit,
                   [this, request = std::move(request), send = std::move(send)](Decisions decisions) mutable {
                     Commit(std::move(request), decisions, std::move(send));
                   });
}

void VisitRecorder::Commit(RecordVisits request, Decisions decisions, Send send) {
  bool is_available = true;
  std::chrono::milliseconds retry_after(0);
  for (const auto& decision : decisions) {
    is_available = is_available && decision.verdict != Verdict::kUnavailable;
    retry_after = std::max(retry_after, decision.retry_after);
  }
  const size_t visits = request.visits.size();
  std::vector<Visit> taken = TakeToCommit(request.visits, decisions);
  const size_t refused = visits - taken.size();
  if (!is_available) {
    Refund({false, taken, {}});
    send(request.respond(RecordOutcome::Unavailable()));
  } else if (taken.empty()) {
    send(request.respond(RecordOutcome::Refused(refused, retry_after)));
  } else {
    group_commit_.Add(std::move(taken), [this, refused, retry_after, respond = std::move(request.respond),
                                         send = std::move(send)](const CommitResult& result) {
      Refund(result);
      send(respond(result.committed ? RecordOutcome::Recorded(result, refused, retry_after)
                                    : RecordOutcome::Unavailable()));
    });
  }
}

void VisitRecorder::Refund(const CommitResult& result) {
  std::vector<Visit> unrecorded;
  for (size_t i = 0; i < result.visits.size(); ++i) {
    const bool is_recorded = result.committed && result.receipts[i].outcome == Receipt::Outcome::kRecorded;
    if (!is_recorded && !result.visits[i].only_if_recorded) unrecorded.push_back(result.visits[i]);
  }
  admission_.Refund(unrecorded);
}

}  // namespace page_count
