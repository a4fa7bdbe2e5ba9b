#include "tests/conformance/model_store.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "tests/conformance/naive_answers.h"
#include "worker/visits/request_id.h"

namespace page_count {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int64_t kScanVisits = 100;  // a piece's
constexpr int kIdBits = 20;           // of an id, below its milliseconds

bool IsEarlier(const LoggedVisit& visit, UtcTime at) { return visit.at < at; }
bool IsLater(UtcTime at, const LoggedVisit& visit) { return at < visit.at; }

}  // namespace

void ModelLog::Import(const VisitList& list) {
  for (const LoggedVisit& visit : list.visits) {
    const auto place = list.order == VisitOrder::kOldestFirst
                           ? std::upper_bound(visits_.begin(), visits_.end(), visit.at, IsLater)
                           : std::lower_bound(visits_.begin(), visits_.end(), visit.at, IsEarlier);
    Insert(place, visit);
  }
}

int64_t ModelLog::Prune(const TimeRange& range) {
  return static_cast<int64_t>(std::erase_if(
      visits_, [&](const LoggedVisit& visit) { return visit.at >= range.from && visit.at < range.before; }));
}

// A millisecond's first visit is in the middle of its ids.
void ModelLog::Insert(std::vector<LoggedVisit>::const_iterator place, LoggedVisit visit) {
  visit.id = visit.at.time_since_epoch().count() << kIdBits | int64_t{1} << (kIdBits - 1);
  if (place != visits_.end() && place->at == visit.at) visit.id = place->id - 1;
  if (place != visits_.begin() && std::prev(place)->at == visit.at) visit.id = std::prev(place)->id + 1;
  visits_.insert(place, std::move(visit));
}

void ModelLog::RewritePages(const PageOf& page_of) {
  for (LoggedVisit& visit : visits_) {
    const RewrittenPage page = page_of(visit.url);
    if (page.url != visit.url && visit.source.empty()) visit.source = page.source;
    visit.url = page.url;
  }
}

std::vector<LoggedVisit> ModelLog::Scan(const ScanRange& range, AttributeSource* attributes) const {
  const auto value_of = [&](Dimension attribute, const LoggedVisit& visit) {
    const std::array texts = {visit.url, visit.ip, visit.user_agent, visit.source};
    return attributes == nullptr ? "" : attributes->ValueOf(attribute, texts[IndexOf(ColumnOf(attribute))]);
  };
  std::vector<LoggedVisit> visits = visits_;
  if (!range.after) std::reverse(visits.begin(), visits.end());
  std::vector<LoggedVisit> scanned;
  int64_t left_out = 0;
  for (LoggedVisit& visit : visits) {
    if (range.before && visit.at >= *range.before) continue;
    if (range.from && visit.at < *range.from) continue;
    if (range.after && (visit.id <= *range.after || visit.id > range.up_to.value_or(visit.id))) continue;
    const bool is_bot = !value_of(Dimension::kBot, visit).empty();
    if (range.bots == (is_bot ? Question::Bots::kExclude : Question::Bots::kOnly)) continue;
    if (left_out++ < range.offset) continue;
    if (range.limit && static_cast<int64_t>(scanned.size()) == *range.limit) break;
    for (const Dimension attribute : range.attributes) visit.attributes.push_back(value_of(attribute, visit));
    scanned.push_back(std::move(visit));
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
    storage_->scans.push_back(storage_->log.Scan(cursor.left, storage_->attributes.get()));
  }
  const auto& visits = storage_->scans[*cursor.file];
  const auto first = visits.begin() + *cursor.mark;
  const auto last = first + std::min<int64_t>(kScanVisits, visits.end() - first);
  cursor.mark = last - visits.begin();
  cursor.is_over = last == visits.end();
  return {first, last};
}

int64_t ModelStore::FindEnd(const ScanRange& range) {
  const std::lock_guard lock(storage_->mutex);
  const auto visits = storage_->log.Scan(range, storage_->attributes.get());
  if (range.limit && static_cast<int64_t>(visits.size()) == *range.limit) {
    return visits.empty() ? *range.after : visits.back().id;
  }
  const auto all = storage_->log.visits();
  const int64_t newest = all.empty() ? 0 : all.back().id;
  const int64_t before = range.before ? range.before->time_since_epoch().count() << kIdBits : newest + 1;
  return std::max(*range.after, std::min(newest, before - 1));
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
  for (VisitList list = ListOf(read()); !list.visits.empty(); list = ListOf(read())) {
    const std::lock_guard lock(storage_->mutex);
    storage_->log.Import(list);
    storage_->newest = std::max(storage_->newest, storage_->log.visits().back().at);
  }
}

std::vector<Receipt> ModelStore::RecordPast(std::span<const PastVisit> visits) {
  const std::lock_guard lock(storage_->mutex);
  std::vector<Receipt> receipts;
  for (const auto& [visit, at] : visits) {
    const auto earlier = storage_->request_ids.find(visit.request_id);
    if (earlier != storage_->request_ids.end() && earlier->second + kRequestIdLifetime >= storage_->now()) {
      receipts.push_back({earlier->second, 0, Receipt::Outcome::kDuplicate});
      continue;
    }
    storage_->log.Import({{{visit.url.text(), visit.ip, visit.user_agent, at, visit.source}}});
    storage_->newest = std::max(storage_->newest, at);
    if (!visit.request_id.empty()) storage_->request_ids[visit.request_id] = at;
    if (!visit.title.empty()) storage_->titles.try_emplace(visit.url.text(), visit.title);
    receipts.push_back({at, 0});
  }
  return receipts;
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
  if (how == Rewriting::kDryRun) return rewrite;
  storage_->log.RewritePages(page_of);
  for (const std::string& page : moved) {
    if (auto title = storage_->titles.extract(page)) {
      storage_->titles.try_emplace(page_of(page).url, std::move(title.mapped()));
    }
  }
  return rewrite;
}

int64_t ModelStore::Count() {
  const std::lock_guard lock(storage_->mutex);
  return static_cast<int64_t>(storage_->log.visits().size());
}

}  // namespace page_count
