// Counts what the endpoints ask, from the rollups and the visits that these do not count yet.
//
// That is: totals of the site, of one page or of each page over all of time, and the hours and user agents of one page
// or of each from some time on. Such a window takes the hour that it starts in from the log and the whole hours after
// it from the rollups. What several questions of one snapshot need is read once. One a connection, same thread; inside
// a read transaction. Throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_ROLLUP_FIGURES_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_ROLLUP_FIGURES_H_

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "worker/store/sqlite/question/groups.h"
#include "worker/store/sqlite/question/log_tail.h"
#include "worker/store/sqlite/question/text_reader.h"
#include "worker/store/sqlite/rollup/packed_counts.h"

namespace page_count {

// What one page did inside a window.
struct WindowCounts {
  std::map<Hour, int64_t> hours;
  PackedCounts agents;

  void Add(const VisitRow& visit);
  void Add(Hour hour, int64_t visits, const PackedCounts& hour_agents);
};

class RollupFigures {
 public:
  // Borrows all of them.
  RollupFigures(Connection& connection, LogTailReader& tail_reader, TextReader& texts);

  // Forgets the last snapshot. The tail must be there until EndSnapshot.
  void StartSnapshot(const LogTail& tail);
  // Keeps no memory of it.
  void EndSnapshot() { snapshot_ = {}; }
  // Nullopt if the rollups do not answer such a question.
  std::optional<Groups> Count(const Question& question);

  static constexpr int64_t kNoPage = -1;
  int64_t FindPage(const std::string& url);
  const WindowCounts& WindowOfPage(int64_t page, UtcTime from);

 private:
  // Where a window's whole hours begin, and the ids of the part of an hour before them.
  struct Window {
    explicit Window(UtcTime start);
    VisitId first;
    Hour whole_hours;
    VisitId whole_hours_first;
  };
  struct PageTotal {
    int64_t page;
    int64_t visits;
    int64_t clients;
  };
  using WindowOfPages = std::unordered_map<int64_t, WindowCounts>;
  // What was read in the snapshot.
  struct Snapshot {
    const LogTail* tail = nullptr;
    std::optional<std::vector<PageTotal>> totals = std::nullopt;
    std::map<UtcTime, WindowOfPages> windows = {};
    std::map<std::pair<int64_t, UtcTime>, WindowCounts> windows_of_page = {};
  };

  int64_t CountSite(Question::Measure measure);
  int64_t CountPage(int64_t page, Question::Measure measure);
  Groups CountTopPages(size_t limit);
  const std::vector<PageTotal>& TotalsOfPages();
  const WindowOfPages& WindowOfAll(UtcTime from);
  // What of a window no rollup has: all of the hour that it starts in, and the tail visits after that.
  template <typename Take>
  void ForEachVisitBesideRollups(const Window& window, Take take);

  LogTailReader& tail_reader_;
  TextReader& texts_;
  Snapshot snapshot_;
  Statement bounds_;
  Statement visit_range_;
  Statement find_page_;
  Statement find_total_;
  Statement all_totals_;
  Statement top_pages_;
  Statement sum_visits_;
  Statement find_hour_;
  Statement hour_range_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_ROLLUP_FIGURES_H_
