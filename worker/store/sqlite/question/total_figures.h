// Counts what is derived from all visits: the totals of the site, of one page or of each page over all of time, visits
// or visitors.
//
// From the pages' totals and sets of clients, and the visits that these do not count yet. What several questions of one
// snapshot need is read once. One a connection, same thread; inside a read transaction. Throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_TOTAL_FIGURES_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_TOTAL_FIGURES_H_

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "worker/store/sqlite/columns/block_table.h"
#include "worker/store/sqlite/columns/client_counter.h"
#include "worker/store/sqlite/columns/page_clients.h"
#include "worker/store/sqlite/question/groups.h"
#include "worker/store/sqlite/question/log_tail.h"
#include "worker/store/sqlite/question/text_reader.h"

namespace page_count {

class TotalFigures {
 public:
  // Borrows both.
  TotalFigures(Connection& connection, TextReader& texts);

  // Forgets the last snapshot. The tail must be there until EndSnapshot.
  void StartSnapshot(const LogTail& tail);
  // Keeps no memory of it.
  void EndSnapshot() { snapshot_ = {}; }
  // Nullopt if the totals do not answer such a question, or too few clients are counted at the moment.
  std::optional<Groups> Count(const Question& question);

 private:
  static constexpr int64_t kAllPages = -1;

  // What was read in the snapshot.
  struct Snapshot {
    const LogTail* tail = nullptr;
    std::optional<bool> counts_clients = std::nullopt;
    std::optional<std::vector<VisitRow>> sealed = std::nullopt;
  };

  int64_t CountSite(Question::Measure measure);
  int64_t CountPage(int64_t page, Question::Measure measure);
  Groups CountTopPages(size_t limit);
  Groups CountPages(Question::Measure measure);
  // Whether few enough sealed visits are missing from the sets of clients.
  bool CountsClients();
  // By page, how many clients its set does not hold yet. `only_page` leaves out the others.
  std::unordered_map<int64_t, int64_t> NewClients(int64_t only_page);
  // The sealed visits that the sets may not count.
  const std::vector<VisitRow>& UncountedSealed();

  TextReader& texts_;
  Snapshot snapshot_;
  BlockTable blocks_;
  PageClients page_clients_;
  Statement find_total_;
  Statement all_totals_;
  Statement top_pages_;
  Statement sum_visits_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_TOTAL_FIGURES_H_
