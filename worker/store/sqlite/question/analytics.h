// Reads the figures of /summary, /stats and /stats/<url>: rollups plus what they do not count yet, in one read
// transaction.
//
// A window that starts inside an hour takes that hour's piece from the log and the whole hours after it from the
// rollups. One a connection, same thread; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_ANALYTICS_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_ANALYTICS_H_

#include <map>
#include <string>
#include <unordered_map>

#include "worker/store/sqlite/question/log_tail.h"
#include "worker/store/sqlite/rollup/packed_counts.h"
#include "worker/store/statistics.h"

namespace page_count {

// What one page did inside a window.
struct WindowCounts {
  std::map<Hour, int64_t> hours;
  PackedCounts agents;

  void Add(const VisitRow& visit);
  void Add(Hour hour, int64_t visits, const PackedCounts& hour_agents);
};

class Analytics {
 public:
  explicit Analytics(Connection& connection);

  Summary ReadSummary(UtcTime window_start);
  SiteStats ReadSite(size_t pages);
  PageStats ReadPage(const std::string& url, UtcTime window_start);

 private:
  // Where a window's whole hours begin, and the ids of the piece of an hour before them.
  struct Window {
    explicit Window(UtcTime start);
    VisitId first;
    Hour whole_hours;
    VisitId whole_hours_first;
  };

  std::unordered_map<int64_t, WindowCounts> CountWindow(const Window& window, const LogTail& tail);
  WindowCounts CountPageWindow(int64_t page, const Window& window, const LogTail& tail);
  // What of a window no rollup answers: all of the hour that it starts in, and the tail visits after that.
  template <typename Take>
  void ForEachVisitBesideRollups(const Window& window, const LogTail& tail, Take take);
  PageCounts ReadTopPages(const LogTail& tail, size_t limit);
  std::vector<LoggedVisit> ReadNewest(VisitId first, size_t limit);
  std::vector<LoggedVisit> ReadNewestOfPage(int64_t page, const std::string& url, const Window& window,
                                            const WindowCounts& counts);
  std::string UrlOf(int64_t page);
  // `names` grows by those that are not in it yet.
  AgentCountList NameAgents(const PackedCounts& counts, std::unordered_map<int64_t, std::string>& names);

  Connection& connection_;
  LogTailReader tail_;
  Statement bounds_;
  Statement visit_range_;
  Statement newest_;
  Statement newest_of_page_;
  Statement find_page_;
  Statement url_;
  Statement find_total_;
  Statement all_totals_;
  Statement top_pages_;
  Statement sum_visits_;
  Statement find_hour_;
  Statement hour_range_;
  Statement agent_name_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_ANALYTICS_H_
