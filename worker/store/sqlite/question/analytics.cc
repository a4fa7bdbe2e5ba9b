// How an inquiry is answered: exactly, from one snapshot, without reading the whole log if the rollups can help.
//
//   1. All of it is one read transaction. The snapshot holds no lock, but checkpoints cannot pass it.
//   2. LogTailReader reads the visits after rollup_watermark; a client without an id gets one below 0 (log_tail.h).
//   3. RollupFigures counts a question if the rollups have what it asks for: their counts plus those tail visits that
//      RollupProgress says they do not count. Otherwise it returns nullopt, and LogScan counts it from the log's rows.
//   4. Both return counts by dictionary id. NameFigures reads the texts last, orders, and applies the limit.
//
// So a figure is right whatever the rollups have counted: more of them changes its speed, never its value.

#include "worker/store/sqlite/question/analytics.h"

#include <algorithm>

#include "worker/store/sqlite/question/named_figures.h"

namespace page_count {

Analytics::Analytics(Connection& connection)
    : connection_(connection),
      tail_reader_(connection),
      texts_(connection),
      rollups_(connection, tail_reader_, texts_),
      scan_(connection, texts_),
      bounds_(connection, kVisitBounds),
      newest_(connection, kVisitScan),
      newest_of_page_(connection, "visit_newest_of_page(from_id, before_id, page_id, limit) -> id, ip, user_agent") {}

Answers Analytics::Ask(const Inquiry& inquiry) {
  Transaction transaction(connection_, Transaction::Kind::kRead);
  const LogTail tail = tail_reader_.Read();
  texts_.StartSnapshot(tail.new_clients);
  rollups_.StartSnapshot(tail);
  std::vector<Groups> counted;
  for (const Question& question : inquiry.questions) {
    auto groups = rollups_.Count(question);
    counted.push_back(groups ? std::move(*groups) : scan_.Count(question, tail));
  }
  Answers answers;
  answers.figures = NameFigures(inquiry.questions, std::move(counted), texts_);
  if (inquiry.newest) answers.newest = ReadNewest(*inquiry.newest);
  Rows bounds = bounds_.Run();
  bounds.Next();
  if (!bounds.IsNull(0)) answers.oldest_and_newest = {TimeOf(bounds.Int(0)), TimeOf(bounds.Int(1))};
  texts_.EndSnapshot();
  rollups_.EndSnapshot();
  return answers;
}

std::vector<LoggedVisit> Analytics::ReadNewest(const NewestVisits& newest) {
  if (newest.page) return ReadNewestOfPage(newest);
  std::vector<LoggedVisit> visits;
  Rows rows = newest_.Run(FirstIdAt(newest.range.from), FirstIdAt(newest.range.before),
                          static_cast<int64_t>(newest.limit), int64_t{0});
  while (rows.Next()) visits.push_back(ReadLoggedVisit(rows));
  return visits;
}

// If it is known in which hours the page was visited, no others are looked through.
std::vector<LoggedVisit> Analytics::ReadNewestOfPage(const NewestVisits& newest) {
  std::vector<LoggedVisit> visits;
  const int64_t page = rollups_.FindPage(*newest.page);
  if (page == RollupFigures::kNoPage) return visits;
  const VisitId first = FirstIdAt(newest.range.from);
  const VisitId end = FirstIdAt(newest.range.before);
  const auto& hours = rollups_.WindowOfPage(page, newest.range.from).hours;
  for (auto hour = hours.end(); hour != hours.begin() && visits.size() < newest.limit;) {
    --hour;
    AddNewestOfPage(std::max(first, FirstIdAt(StartOf(hour->first))),
                    std::min(end, FirstIdAt(StartOf(hour->first + 1))), page, newest.limit - visits.size(), visits);
  }
  for (LoggedVisit& visit : visits) visit.url = *newest.page;
  return visits;
}

void Analytics::AddNewestOfPage(VisitId from, VisitId before, int64_t page, size_t limit,
                                std::vector<LoggedVisit>& visits) {
  Rows rows = newest_of_page_.Run(from, before, page, static_cast<int64_t>(limit));
  while (rows.Next()) visits.push_back({{}, ReadIp(rows, 1), std::string(rows.Bytes(2)), TimeOf(rows.Int(0))});
}

}  // namespace page_count
