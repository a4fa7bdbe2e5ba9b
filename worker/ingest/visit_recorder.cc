#include "worker/ingest/visit_recorder.h"

#include <algorithm>

namespace page_count {
namespace {

using Verdict = RateLimiter::Verdict;

bool IsAdmitted(const RateLimiter::Decision& decision) { return decision.verdict == Verdict::kAdmitted; }

// In their order.
std::vector<Visit> TakeAdmitted(std::vector<Visit>& visits, std::span<const RateLimiter::Decision> decisions) {
  if (std::all_of(decisions.begin(), decisions.end(), IsAdmitted)) return std::move(visits);
  std::vector<Visit> taken;
  for (size_t i = 0; i < visits.size(); ++i) {
    if (IsAdmitted(decisions[i])) taken.push_back(std::move(visits[i]));
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

RecordOutcome RecordOutcome::Recorded(const CommitResult& result, size_t refused) {
  RecordOutcome outcome;
  outcome.available_ = true;
  outcome.visits_ = result.visits;
  outcome.receipts_ = result.receipts;
  outcome.refused_ = refused;
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
  size_t refused = 0;
  bool is_available = true;
  std::chrono::milliseconds retry_after(0);
  for (const auto& decision : decisions) {
    refused += decision.verdict == Verdict::kRefused ? 1 : 0;
    is_available = is_available && decision.verdict != Verdict::kUnavailable;
    retry_after = std::max(retry_after, decision.retry_after);
  }
  std::vector<Visit> admitted = TakeAdmitted(request.visits, decisions);
  if (!is_available) {
    admission_.Refund(admitted);
    send(request.respond(RecordOutcome::Unavailable()));
  } else if (admitted.empty()) {
    send(request.respond(RecordOutcome::Refused(refused, retry_after)));
  } else {
    group_commit_.Add(std::move(admitted), [this, refused, respond = std::move(request.respond),
                                            send = std::move(send)](const CommitResult& result) {
      if (!result.committed) admission_.Refund(result.visits);
      send(respond(result.committed ? RecordOutcome::Recorded(result, refused) : RecordOutcome::Unavailable()));
    });
  }
}

}  // namespace page_count
