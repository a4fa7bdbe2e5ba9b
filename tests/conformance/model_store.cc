#include "tests/conformance/model_store.h"

#include <algorithm>
#include <map>
#include <set>

#include "tests/conformance/naive_answers.h"

namespace page_count {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int64_t kScanVisits = 100;  // a piece's

bool IsEarlier(const LoggedVisit& visit, UtcTime at) { return visit.at < at; }
bool IsLater(UtcTime at, const LoggedVisit& visit) { return at < visit.at; }

}  // namespace

void ModelLog::Import(const VisitList& list) {
  for (const LoggedVisit& visit : list.visits) {
    const auto place = list.order == VisitOrder::kOldestFirst
                           ? std::upper_bound(visits_.begin(), visits_.end(), visit.at, IsLater)
                           : std::lower_bound(visits_.begin(), visits_.end(), visit.at, IsEarlier);
    visits_.insert(place, visit);
  }
}

int64_t ModelLog::Prune(const TimeRange& range) {
  return static_cast<int64_t>(std::erase_if(
      visits_, [&](const LoggedVisit& visit) { return visit.at >= range.from && visit.at < range.before; }));
}

void ModelLog::RewritePages(const PageOf& page_of) {
  for (LoggedVisit& visit : visits_) {
    const RewrittenPage page = page_of(visit.url);
    if (page.url != visit.url && visit.source.empty()) visit.source = page.source;
    visit.url = page.url;
  }
}

std::vector<LoggedVisit> ModelLog::Scan(const ScanRange& range) const {
  std::vector<LoggedVisit> scanned;
  int64_t left_out = 0;
  for (auto visit = visits_.rbegin(); visit != visits_.rend(); ++visit) {
    if (range.before && visit->at >= *range.before) continue;
    if (range.from && visit->at < *range.from) break;
    if (left_out++ < range.offset) continue;
    if (range.limit && static_cast<int64_t>(scanned.size()) == *range.limit) break;
    scanned.push_back(*visit);
  }
  return scanned;
}

std::vector<Receipt> ModelStore::Commit(std::span<const Visit* const> batch) {
  const std::lock_guard lock(storage_->mutex);
  UtcTime at = std::max(storage_->now(), storage_->newest);
  if (at == std::chrono::floor<seconds>(at)) at += milliseconds(1);
  storage_->newest = at;
  std::map<std::string, int64_t> page_visits;
  for (const LoggedVisit& visit : storage_->log.visits()) ++page_visits[visit.url];
  std::vector<Receipt> receipts;
  for (const Visit* visit : batch) {
    storage_->log.Append(*visit, at);
    ++storage_->recorded;
    receipts.push_back({at, ++page_visits[visit->url.text()]});
  }
  return receipts;
}

Answers ModelStore::Ask(const Inquiry& inquiry) {
  const std::lock_guard lock(storage_->mutex);
  return AnswerNaively(storage_->log.visits(), inquiry, storage_->attributes.get());
}

std::vector<LoggedVisit> ModelStore::ReadNext(ScanCursor& cursor) {
  const std::lock_guard lock(storage_->mutex);
  if (!cursor.mark) {
    cursor.file = storage_->scans.size();
    cursor.mark = 0;
    storage_->scans.push_back(storage_->log.Scan(cursor.left));
  }
  const auto& visits = storage_->scans[*cursor.file];
  const auto first = visits.begin() + *cursor.mark;
  const auto last = first + std::min<int64_t>(kScanVisits, visits.end() - first);
  cursor.mark = last - visits.begin();
  cursor.is_over = last == visits.end();
  return {first, last};
}

int64_t ModelStore::ProbeReading() {
  const std::lock_guard lock(storage_->mutex);
  return storage_->recorded;
}

int64_t ModelStore::PruneBefore(UtcTime cutoff) {
  const std::lock_guard lock(storage_->mutex);
  return storage_->log.Prune({.before = cutoff});
}

int64_t ModelStore::PruneFrom(UtcTime from) {
  const std::lock_guard lock(storage_->mutex);
  const int64_t pruned = storage_->log.Prune({.from = from});
  const auto visits = storage_->log.visits();
  storage_->newest = visits.empty() ? UtcTime() : visits.back().at;
  return pruned;
}

void ModelStore::Import(const Read& read) {
  for (VisitList list = read(); !list.visits.empty(); list = read()) {
    const std::lock_guard lock(storage_->mutex);
    storage_->log.Import(list);
    storage_->newest = std::max(storage_->newest, storage_->log.visits().back().at);
  }
}

PageRewrite ModelStore::RewritePages(const PageOf& page_of, Rewriting how) {
  const std::lock_guard lock(storage_->mutex);
  PageRewrite rewrite;
  std::set<std::string> before;
  std::set<std::string> moved;
  std::set<std::string> after;
  for (const LoggedVisit& visit : storage_->log.visits()) {
    const std::string page = page_of(visit.url).url;
    before.insert(visit.url);
    after.insert(page);
    if (page == visit.url) continue;
    moved.insert(visit.url);
    ++rewrite.moved_visits;
  }
  rewrite.pages_before = static_cast<int64_t>(before.size());
  rewrite.pages_after = static_cast<int64_t>(after.size());
  rewrite.moved_pages = static_cast<int64_t>(moved.size());
  if (how == Rewriting::kApply) storage_->log.RewritePages(page_of);
  return rewrite;
}

int64_t ModelStore::Count() {
  const std::lock_guard lock(storage_->mutex);
  return static_cast<int64_t>(storage_->log.visits().size());
}

}  // namespace page_count
