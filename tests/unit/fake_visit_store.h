// A VisitStore that keeps nothing: it notes what it was asked, and answers or fails as a test says.
//
// Of one thread at a time; Note is any thread's, and what a test hands in runs on whichever thread calls the store.
#ifndef PAGE_COUNT_TESTS_UNIT_FAKE_VISIT_STORE_H_
#define PAGE_COUNT_TESTS_UNIT_FAKE_VISIT_STORE_H_

#include <atomic>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/conformance/naive_answers.h"
#include "worker/store/visit_store.h"

namespace page_count {

class FakeVisitStore : public VisitStore {
 public:
  // What was called, in order: "try commit", "commit", "make durable", "maintenance due", "probe reading", "probe
  // writing BYTES", and what else was noted.
  std::vector<std::string> calls;
  void Note(const std::string& call) {
    const std::lock_guard lock(calls_mutex_);
    calls.push_back(call);
  }
  std::vector<std::string> committed;      // the URLs of all visits, in order
  std::vector<std::string> recorded_past;  // URL and time
  std::set<std::string> recorded_ids;      // of visits that were recorded before
  std::vector<std::string> ips;            // of the same
  std::optional<ScanRange> scanned;
  std::optional<Inquiry> inquiry;
  std::optional<UtcTime> cutoff;

  // What makes a call fail: the StoreError's text.
  std::string commit_error;
  std::string sync_error;
  std::string read_error;

  UtcTime clock = std::chrono::sys_days(std::chrono::year(2025) / 9 / 14) + std::chrono::hours(10);
  int64_t page_visits = 0;      // the first receipt says one more, and so on
  bool another_writes = false;  // TryCommit would have to wait
  bool maintenance_due = false;
  std::function<bool(Load)> maintain;
  std::function<bool()> watch;
  std::function<void()> before_try_commit = [] {};
  std::function<void()> before_commit = [] {};  // while another writer is waited for
  std::function<void()> before_sync = [] {};
  std::vector<std::vector<LoggedVisit>> logged;  // what Scan hands over, in these pieces
  std::vector<LoggedVisit> kept;                 // what is answered by, oldest first
  std::optional<ScanRange> end_found_of;
  int64_t end = 0;  // that FindEnd returns
  int64_t deleted = 0;
  std::atomic<int64_t> newest_visit = 1;
  std::atomic<int64_t> room = std::numeric_limits<int64_t>::max();  // that a probe finds
  std::function<void()> before_probe_writing = [] {};

  std::vector<Receipt> Commit(std::span<const Visit* const> batch) override {
    Note("commit");
    before_commit();
    return CommitNoted(batch);
  }
  std::optional<std::vector<Receipt>> TryCommit(std::span<const Visit* const> batch) override {
    Note("try commit");
    before_try_commit();
    if (another_writes) return std::nullopt;
    return CommitNoted(batch);
  }
  void MakeDurable() override {
    Note("make durable");
    before_sync();
    FailWhereAsked(sync_error);
  }
  bool MaintenanceDue() override {
    Note("maintenance due");
    return maintenance_due;
  }
  bool Maintain(Load load) override { return maintain && maintain(load); }
  Answers Ask(const Inquiry& asked) override {
    FailWhereAsked(read_error);
    inquiry = asked;
    return AnswerNaively(kept, asked);
  }
  std::vector<LoggedVisit> ReadNext(ScanCursor& cursor) override {
    FailWhereAsked(read_error);
    if (!cursor.mark) scanned = cursor.left;
    const auto piece = static_cast<size_t>(cursor.mark.value_or(0));
    cursor.mark = static_cast<int64_t>(piece) + 1;
    cursor.is_over = piece + 1 >= logged.size();
    return piece < logged.size() ? logged[piece] : std::vector<LoggedVisit>();
  }
  int64_t FindEnd(const ScanRange& range) override {
    FailWhereAsked(read_error);
    end_found_of = range;
    return end;
  }
  int64_t PruneBefore(UtcTime before) override {
    FailWhereAsked(read_error);
    cutoff = before;
    return deleted;
  }
  bool Watch() override { return watch && watch(); }
  int64_t PruneFrom(UtcTime) override { return 0; }
  void Import(const Read&) override {}
  void StartAttributesOver(Dimension) override {}
  std::vector<Receipt> RecordPast(std::span<const PastVisit> visits) override {
    FailWhereAsked(commit_error);
    std::vector<Receipt> receipts;
    for (const PastVisit& past : visits) {
      const bool is_known = recorded_ids.contains(past.visit.request_id);
      if (!is_known) recorded_past.push_back(past.visit.url.text() + " " + FormatIso(past.at));
      receipts.push_back({past.at, 0, is_known ? Receipt::Outcome::kDuplicate : Receipt::Outcome::kRecorded});
    }
    return receipts;
  }
  PageRewrite RewritePages(const PageOf&, Rewriting) override { return {}; }
  std::vector<std::string> Check() override { return {}; }
  void Repair() override {}
  int64_t Backup(const std::string&) override { return 0; }
  int64_t Count() override { return 0; }
  int64_t ProbeReading() override {
    Note("probe reading");
    FailWhereAsked(read_error);
    return newest_visit;
  }
  void ProbeWriting(int64_t bytes) override {
    Note("probe writing " + std::to_string(bytes));
    before_probe_writing();
    if (bytes > room) throw StoreError("disk full");
  }

 private:
  std::vector<Receipt> CommitNoted(std::span<const Visit* const> batch) {
    FailWhereAsked(commit_error);
    std::vector<Receipt> receipts;
    for (const Visit* visit : batch) {
      if (recorded_ids.contains(visit->request_id)) {
        receipts.push_back({clock, page_visits, Receipt::Outcome::kDuplicate});
      } else if (visit->only_if_recorded) {
        receipts.push_back({clock, 0, Receipt::Outcome::kRefused});
      } else {
        committed.push_back(visit->url.text());
        ips.push_back(visit->ip);
        receipts.push_back({clock, ++page_visits});
      }
    }
    return receipts;
  }
  static void FailWhereAsked(const std::string& error) {
    if (!error.empty()) throw StoreError(error);
  }

  std::mutex calls_mutex_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_UNIT_FAKE_VISIT_STORE_H_
