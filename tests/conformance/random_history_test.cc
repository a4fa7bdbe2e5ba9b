// Stores beside the model on random histories: several writers, imports in and out of order, pruning, rewriting pages,
// steps of the clock, and every question. In CI a few seconds of them; PAGE_COUNT_CONFORMANCE_SECONDS=600 tries for so
// long, and PAGE_COUNT_CONFORMANCE_SEED=N begins with that seed, which a failure prints.
#include "tests/conformance/random_history.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/conformance/any_store.h"
#include "tests/conformance/model_store.h"
#include "tests/conformance/naive_answers.h"
#include "worker/visits/request_id.h"

namespace page_count {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;
using Lines = std::vector<std::string>;

constexpr size_t kStores = 3;
constexpr size_t kSteps = 60;  // a history's
constexpr uint64_t kFirstSeed = 20260301;
constexpr uint64_t kDefaultSeconds = 4;
constexpr milliseconds kMostAfterImport{1'002};  // than the newest: see VisitLog::kOverflow

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::stoull(value);
}

class RandomHistoryTest : public AnyStore {
 protected:
  // A storage of its own for each history: the fixture's is left as it is.
  void Run(uint64_t seed) {
    folder_ = std::make_unique<TemporaryFolder>();
    const OpenStore open = GetParam().make_storage(*folder_, [this] { return now(); }, attributes_);
    history_ = std::make_unique<RandomHistory>(seed, *attributes_);
    stores_.clear();
    for (size_t i = 0; i < kStores; ++i) stores_.push_back(open());
    log_ = {};
    request_ids_.clear();
    newest_ = {};
    SetClock(At("2026-03-01 12:00:00.500"));
    for (size_t step = 0; step < kSteps && !HasFailure(); ++step) {
      SCOPED_TRACE("step " + std::to_string(step));
      Step();
    }
    if (HasFailure()) return;
    EXPECT_EQ(store().Check(), Lines());
    EXPECT_EQ(store().Count(), static_cast<int64_t>(log_.visits().size()));
  }

 private:
  VisitStore& store() { return *stores_[history_->Below(kStores)]; }

  void Step() {
    const size_t roll = history_->Below(100);
    if (roll < 40) {
      Record();
    } else if (roll < 50) {
      history_->OnceIn(2) ? ImportSome() : RecordPast();
    } else if (roll < 53) {
      Prune();
    } else if (roll < 55) {
      RewritePages();
    } else if (roll < 60) {
      StepClock();
    } else if (roll < 68) {
      store().Maintain(history_->OnceIn(3) ? StoreAdmin::Load::kBusy : StoreAdmin::Load::kQuiet);
    } else if (roll < 70) {
      EXPECT_EQ(store().Check(), Lines());
      if (history_->OnceIn(3)) store().Repair();
      if (history_->OnceIn(3)) attributes_->StartNextVersion();
    } else if (roll < 76) {
      ScanBesideWriters();
    } else if (roll < 82) {
      PollBesideWriters();
    } else {
      ExpectSameAnswers();
    }
  }

  void Record() {
    const std::vector<Visit> visits = history_->DrawBatch();
    std::vector<const Visit*> batch;
    for (const Visit& visit : visits) batch.push_back(&visit);
    VisitWriter& writer = store();
    std::optional<std::vector<Receipt>> receipts;
    if (history_->OnceIn(2)) receipts = writer.TryCommit(batch);
    if (!receipts) receipts = writer.Commit(batch);
    ASSERT_EQ(receipts->size(), visits.size());
    std::map<std::string, int64_t> page_visits;
    for (const LoggedVisit& visit : log_.visits()) ++page_visits[visit.url];
    for (size_t i = 0; i < visits.size(); ++i) {
      const Receipt& receipt = (*receipts)[i];
      const auto outcome = ExpectedOutcome(visits[i]);
      ASSERT_EQ(receipt.outcome, outcome);
      if (outcome != Receipt::Outcome::kRecorded) continue;
      EXPECT_GE(receipt.at, std::max(now(), newest_));
      EXPECT_LE(receipt.at, std::max(now() + milliseconds(1), newest_ + kMostAfterImport));
      log_.Append(visits[i], receipt.at);
      newest_ = receipt.at;
      if (!visits[i].request_id.empty()) request_ids_[visits[i].request_id] = receipt.at;
      const int64_t of_page = ++page_visits[visits[i].url.text()];
      if (visits[i].wants_page_visits) {
        EXPECT_EQ(receipt.page_visits, of_page);
      }
    }
    for (size_t i = 0; i < visits.size(); ++i) {
      if ((*receipts)[i].outcome != Receipt::Outcome::kDuplicate) continue;
      EXPECT_EQ((*receipts)[i].at, request_ids_[visits[i].request_id]);
      if (visits[i].wants_page_visits) {
        EXPECT_EQ((*receipts)[i].page_visits, page_visits[visits[i].url.text()]);
      }
    }
  }

  Receipt::Outcome ExpectedOutcome(const Visit& visit) const {
    const auto earlier = visit.request_id.empty() ? request_ids_.end() : request_ids_.find(visit.request_id);
    if (earlier != request_ids_.end() && earlier->second + kRequestIdLifetime >= now()) {
      return Receipt::Outcome::kDuplicate;
    }
    return visit.only_if_recorded ? Receipt::Outcome::kRefused : Receipt::Outcome::kRecorded;
  }

  void RecordPast() {
    std::vector<PastVisit> visits;
    VisitList added;
    for (Visit& visit : history_->DrawBatch()) {
      if (visits.size() == 100) break;
      visit.only_if_recorded = false;
      // Even seconds, as those of imports with the oldest first.
      const UtcTime at(seconds(2 * (std::chrono::floor<seconds>(now()).time_since_epoch().count() / 2 - 1 -
                                    static_cast<int64_t>(history_->Below(36 * 3600)))));
      const auto outcome = ExpectedOutcome(visit);
      if (outcome == Receipt::Outcome::kRecorded) {
        added.visits.push_back({visit.url.text(), visit.ip, visit.user_agent, at, visit.source});
        newest_ = std::max(newest_, at);
        if (!visit.request_id.empty()) request_ids_[visit.request_id] = at;
      }
      expected_.push_back(outcome);
      visits.push_back({std::move(visit), at});
    }
    log_.Import(added);
    std::vector<Receipt::Outcome> outcomes;
    for (const Receipt& receipt : store().RecordPast(visits)) outcomes.push_back(receipt.outcome);
    EXPECT_EQ(outcomes, std::exchange(expected_, {}));
  }

  void ImportSome() {
    std::vector<VisitList> pieces;
    for (size_t left = 1 + history_->Below(3); left > 0; --left) {
      pieces.push_back(history_->DrawImport(now()));
      pieces.back().order = pieces.front().order;
      if (pieces.size() > 1)
        std::erase_if(pieces.back().visits, [&](const LoggedVisit& visit) { return !Fits(visit, pieces.front()); });
      if (pieces.back().visits.empty()) pieces.pop_back();
    }
    for (const VisitList& piece : pieces) {
      log_.Import(piece);
      for (const LoggedVisit& visit : piece.visits) newest_ = std::max(newest_, visit.at);
    }
    size_t next = 0;
    store().Import([&] { return next < pieces.size() ? BatchOf(pieces[next++]) : VisitBatch(); });
  }
  // Whether its second is one of that list's order.
  static bool Fits(const LoggedVisit& visit, const VisitList& list) {
    const bool is_odd = std::chrono::floor<seconds>(visit.at).time_since_epoch().count() % 2 != 0;
    return is_odd == (list.order == VisitOrder::kNewestFirst);
  }

  void Prune() {
    if (!history_->OnceIn(4)) {
      const UtcTime cutoff = now() - minutes(history_->Below(60 * 60));
      EXPECT_EQ(store().PruneBefore(cutoff), log_.Prune({.before = cutoff}));
      return;
    }
    const UtcTime from = now() - minutes(history_->Below(300));
    EXPECT_EQ(store().PruneFrom(from), log_.Prune({.from = from}));
    newest_ = log_.visits().empty() ? UtcTime() : log_.visits().back().at;
  }

  // Some pages become one of them, or one that there was not.
  void RewritePages() {
    const int step = 2 + static_cast<int>(history_->Below(4));
    const std::string start = history_->OnceIn(3) ? "http://g/" : "http://h/";
    const PageOf page_of = [&](const std::string& url) {
      const int page = url.starts_with("http://h/") ? std::stoi(url.substr(start.size())) : 0;
      if (page % step != 1) return RewrittenPage{url};
      return RewrittenPage{start + std::to_string(page - 1),
                           page % 3 == 0 ? "https://from/" + std::to_string(page) : ""};
    };
    const auto how = history_->OnceIn(4) ? StoreAdmin::Rewriting::kDryRun : StoreAdmin::Rewriting::kApply;
    int64_t moved = 0;
    for (const LoggedVisit& visit : log_.visits()) moved += page_of(visit.url).url == visit.url ? 0 : 1;
    EXPECT_EQ(store().RewritePages(page_of, how).moved_visits, moved);
    if (how == StoreAdmin::Rewriting::kApply) log_.RewritePages(page_of);
  }

  void StepClock() {
    if (history_->OnceIn(4)) {
      Pass(-minutes(history_->Below(90)));
    } else {
      Pass(milliseconds(history_->Below(150 * 60'000)));
    }
  }

  void ExpectSameAnswers() {
    const Inquiry inquiry = history_->DrawInquiry(log_.visits(), now());
    EXPECT_EQ(
        Difference(LinesOf(store().Ask(inquiry)), LinesOf(AnswerNaively(log_.visits(), inquiry, attributes_.get()))),
        "")
        << Described(inquiry);
  }

  // Of what is there when the scan begins each visit once, while others record and maintain.
  void ScanBesideWriters() {
    const ScanRange range = history_->DrawScan(log_.visits(), now());
    const Lines expected = LinesOf(log_.Scan(range, attributes_.get()));
    std::vector<LoggedVisit> scanned;
    for (ScanCursor cursor{range}; !cursor.is_over;) {
      const auto piece = store().ReadNext(cursor);
      scanned.insert(scanned.end(), piece.begin(), piece.end());
      if (history_->OnceIn(2)) store().Maintain(StoreAdmin::Load::kQuiet);
      if (!cursor.is_over) Record();
    }
    EXPECT_EQ(Difference(LinesOf(scanned), expected), "");
  }

  // From some visit on, page by page: each visit of the range once, those included that are recorded meanwhile.
  void PollBesideWriters() {
    ScanRange range = history_->DrawScan(log_.visits(), now());
    range.offset = 0;
    if (range.limit == 0) range.limit = 1;
    const auto stored = ReadAll(store());  // newest first
    const size_t seen = history_->Below(stored.size() + 1);
    ScanRange expected = range;
    range.after = seen == 0 ? 0 : stored[stored.size() - seen].id;
    expected.after = seen == 0 ? 0 : log_.visits()[seen - 1].id;
    expected.limit.reset();
    std::vector<LoggedVisit> polled;
    for (size_t writes = history_->Below(4);;) {
      const int64_t end = store().FindEnd(range);
      const auto page = ReadPage(range, end);
      EXPECT_LE(static_cast<int64_t>(page.size()), range.limit.value_or(1'000'000));
      polled.insert(polled.end(), page.begin(), page.end());
      if (end == *range.after && writes == 0) break;
      range.after = end;
      if (writes > 0) {
        --writes;
        Record();
      }
    }
    EXPECT_EQ(Difference(LinesOf(polled), LinesOf(log_.Scan(expected, attributes_.get()))), "");
  }
  std::vector<LoggedVisit> ReadPage(ScanRange range, int64_t end) {
    range.up_to = end;
    range.limit.reset();
    std::vector<LoggedVisit> page;
    for (ScanCursor cursor{range}; !cursor.is_over;) {
      const auto piece = store().ReadNext(cursor);
      page.insert(page.end(), piece.begin(), piece.end());
      if (history_->OnceIn(2)) store().Maintain(StoreAdmin::Load::kQuiet);
      if (!cursor.is_over) Record();
    }
    for (size_t i = 0; i < page.size(); ++i) EXPECT_GT(page[i].id, i == 0 ? *range.after : page[i - 1].id);
    return page;
  }

  std::unique_ptr<TemporaryFolder> folder_;
  std::unique_ptr<RandomHistory> history_;
  std::vector<std::unique_ptr<VisitStore>> stores_;
  ModelLog log_;
  std::map<std::string, UtcTime> request_ids_;
  std::vector<Receipt::Outcome> expected_;
  UtcTime newest_;
};

INSTANTIATE_TEST_SUITE_P(Engines, RandomHistoryTest, testing::ValuesIn(Engines()), NameOf);

TEST_P(RandomHistoryTest, AnswersAsTheModelDoes) {
  const auto end = Clock::now() + seconds(FromEnvironment("PAGE_COUNT_CONFORMANCE_SECONDS", kDefaultSeconds));
  uint64_t seed = FromEnvironment("PAGE_COUNT_CONFORMANCE_SEED", kFirstSeed);
  const uint64_t first = seed;
  for (; !HasFailure() && (seed == first || Clock::now() < end); ++seed) {
    SCOPED_TRACE("PAGE_COUNT_CONFORMANCE_SEED=" + std::to_string(seed));
    Run(seed);
  }
  std::cout << seed - first << " histories\n";
}

}  // namespace
}  // namespace page_count
