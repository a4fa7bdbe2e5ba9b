#include "tests/conformance/model_store.h"

#include <algorithm>
#include <map>

#include "tests/conformance/naive_answers.h"
#include "worker/visits/request_id.h"

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
  std::map<std::string, int64_t> page_visits;
  for (const LoggedVisit& visit : storage_->log.visits()) ++page_visits[visit.url];
  std::vector<Receipt> receipts;
  for (const Visit* visit : batch) {
    const auto earlier = storage_->request_ids.find(visit->request_id);
    if (earlier != storage_->request_ids.end() && earlier->second + kRequestIdLifetime >= storage_->now()) {
      receipts.push_back({earlier->second, 0, Receipt::Outcome::kDuplicate});
    } else if (visit->only_if_recorded) {
      receipts.push_back({storage_->now(), 0, Receipt::Outcome::kRefused});
    } else {
      storage_->log.Append(*visit, at);
      storage_->newest = at;
      ++storage_->recorded;
      receipts.push_back({at, ++page_visits[visit->url.text()]});
      if (!visit->request_id.empty()) storage_->request_ids[visit->request_id] = at;
      if (!visit->title.empty()) storage_->titles[visit->url.text()] = visit->title;
    }
  }
  for (size_t i = 0; i < batch.size(); ++i) {
    if (receipts[i].outcome != Receipt::Outcome::kDuplicate) continue;
    receipts[i].page_visits = page_visits[batch[i]->url.text()];
  }
  return receipts;
}

Answers ModelStore::Ask(const Inquiry& inquiry) {
  const std::lock_guard lock(storage_->mutex);
  Answers answers = AnswerNaively(storage_->log.visits(), inquiry, storage_->attributes.get());
  for (size_t i = 0; i < inquiry.questions.size(); ++i) {
    if (!inquiry.questions[i].wants_titles) continue;
    for (const Figures::Row& row : answers.figures[i].rows) {
      answers.figures[i].titles.push_back(storage_->titles[std::string(answers.figures[i].Text(row))]);
    }
  }
  return answers;
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

// A page that no visit is to takes its title with it.
int64_t ModelStore::Prune(const TimeRange& range) {
  const int64_t pruned = storage_->log.Prune(range);
  const auto visits = storage_->log.visits();
  std::erase_if(storage_->titles, [&visits](const auto& entry) {
    return std::none_of(visits.begin(), visits.end(),
                        [&](const LoggedVisit& visit) { return visit.url == entry.first; });
  });
  return pruned;
}

int64_t ModelStore::PruneBefore(UtcTime cutoff) {
  const std::lock_guard lock(storage_->mutex);
  return Prune({.before = cutoff});
}

int64_t ModelStore::PruneFrom(UtcTime from) {
  const std::lock_guard lock(storage_->mutex);
  const int64_t pruned = Prune({.from = from});
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

int64_t ModelStore::Count() {
  const std::lock_guard lock(storage_->mutex);
  return static_cast<int64_t>(storage_->log.visits().size());
}

}  // namespace page_count
