#include "worker/store/sqlite/question/log_scan.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace page_count {
namespace {

using Keys = std::array<int64_t, 2>;

struct HashOfKeys {
  size_t operator()(const Keys& keys) const {
    constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;
    const uint64_t mixed = (static_cast<uint64_t>(keys[0]) * kOdd + static_cast<uint64_t>(keys[1])) * kOdd;
    return mixed ^ (mixed >> 32);
  }
};

int64_t KeyOf(const VisitRow& visit, Dimension dimension) {
  switch (dimension) {
    case Dimension::kPage:
      return visit.page;
    case Dimension::kClient:
      return visit.client;
    case Dimension::kAgent:
      return visit.agent;
    case Dimension::kHour:
      return HourOf(TimeOf(visit.id));
  }
  return 0;
}

// Whether visits have one of the texts that are asked for; each id's text is looked at once.
class ColumnFilter {
 public:
  ColumnFilter(Dimension column, const std::vector<std::string>& texts, TextReader& reader)
      : column_(column), texts_(texts), reader_(reader) {}

  bool Accepts(const VisitRow& visit) {
    const int64_t id = KeyOf(visit, column_);
    const auto [accepted, is_new] = ids_.try_emplace(id, false);
    if (is_new) accepted->second = std::find(texts_.begin(), texts_.end(), reader_.Read(column_, id)) != texts_.end();
    return accepted->second;
  }

 private:
  Dimension column_;
  const std::vector<std::string>& texts_;
  TextReader& reader_;
  std::unordered_map<int64_t, bool> ids_;
};

class GroupCounter {
 public:
  explicit GroupCounter(const Question& question) : question_(question) {}

  void Add(const VisitRow& visit) {
    Keys keys = {};
    for (size_t i = 0; i < question_.group_by.size(); ++i) keys[i] = KeyOf(visit, question_.group_by[i]);
    if (question_.measure == Question::Measure::kVisits) {
      ++counts_[keys];
    } else {
      visitors_.push_back({keys[0], keys[1], visit.client});
    }
  }

  Groups Finish() {
    std::sort(visitors_.begin(), visitors_.end());
    visitors_.erase(std::unique(visitors_.begin(), visitors_.end()), visitors_.end());
    for (const auto& [first, second, client] : visitors_) ++counts_[{first, second}];
    if (question_.group_by.empty()) counts_.try_emplace(Keys{});  // one row, of no visits too
    Groups groups;
    groups.reserve(counts_.size());
    for (const auto& [keys, count] : counts_) groups.push_back({keys, count});
    return groups;
  }

 private:
  const Question& question_;
  std::unordered_map<Keys, int64_t, HashOfKeys> counts_;
  std::vector<std::array<int64_t, 3>> visitors_;  // keys, client
};

}  // namespace

LogScan::LogScan(Connection& connection, TextReader& texts) : texts_(texts), visit_range_(connection, kVisitRange) {}

Groups LogScan::Count(const Question& question, const LogTail& tail) {
  std::vector<ColumnFilter> filters;
  for (size_t column = 0; column < kColumns; ++column) {
    const auto& texts = question.filters[column];
    if (!texts.empty()) filters.emplace_back(static_cast<Dimension>(column), texts, texts_);
  }
  GroupCounter counter(question);
  Rows rows = visit_range_.Run(FirstIdAt(question.range.from), FirstIdAt(question.range.before), int64_t{-1});
  while (rows.Next()) {
    VisitRow visit = ReadVisitRow(rows);
    if (visit.client == kPendingClient) visit.client = tail.ClientOf(visit.id);
    const bool is_asked_for =
        std::all_of(filters.begin(), filters.end(), [&visit](ColumnFilter& filter) { return filter.Accepts(visit); });
    if (is_asked_for) counter.Add(visit);
  }
  return counter.Finish();
}

}  // namespace page_count
