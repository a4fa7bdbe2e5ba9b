// Counts made from the log so that answers need not read all of it: who visited a page, and each page's hours.
//
// What they count so far is RollupProgress; whoever answers adds what is not counted yet. Everything here can be made
// again from the log. A set of visits is counted in two steps, so that as little as possible is done under the
// write lock: planning reads the rows and works out the new ones, writing stores them. In between nobody else may
// change the rollups, so all of it under the maintenance lock. One a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_ROLLUP_ROLLUPS_H_
#define PAGE_COUNT_STORE_SQLITE_ROLLUP_ROLLUPS_H_

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/visit_id.h"
#include "worker/store/sqlite/rollup/packed_counts.h"
#include "worker/store/sqlite/rollup/page_clients.h"

namespace page_count {

// The orders in which visits are counted, and that of the log.
bool PageThenClient(const VisitRow& left, const VisitRow& right);
bool ClientFirst(const VisitRow& left, const VisitRow& right);
bool InOrderOfTime(const VisitRow& left, const VisitRow& right);

inline constexpr char kPageHourFind[] = "page_hour_find(hour, page_id) -> visits, agents";
inline constexpr char kSiteHourFind[] = "site_hour_find(hour) -> visits, pages";

class Rollups {
 public:
  enum class Direction { kAdd, kSubtract };

  // Rows of the tables page_hour, site_hour and agent_total.
  struct PageHour {
    static constexpr size_t kIntegers = 3;

    Hour hour;
    int64_t page_id;
    int64_t visits;
    std::string_view agents;
  };
  struct SiteHour {
    static constexpr size_t kIntegers = 2;

    Hour hour;
    int64_t visits;
    std::string_view pages;
  };
  struct AgentTotal {
    static constexpr size_t kIntegers = 2;

    int64_t agent_id;
    int64_t visits;
  };

  // Rows as they will be, and those that will be gone.
  struct Plan {
    PageClients::Plan clients;
    std::vector<PageHour> hours;
    std::vector<PageHour> deleted_hours;
    std::vector<SiteHour> site_hours;
    std::vector<Hour> deleted_site_hours;
    std::vector<AgentTotal> agents;
    std::vector<int64_t> deleted_agents;
    std::deque<std::string> packed;  // what the hours point to
  };

  explicit Rollups(Connection& connection);

  // Inside a transaction that reads. Visits come sorted by PageThenClient, and by ClientFirst.
  void PlanPages(std::span<const VisitRow> visits, Direction direction, Plan& plan);
  void PlanSite(std::span<const VisitRow> visits, Direction direction, Plan& plan);
  // Visits come in any order.
  void PlanSiteHours(std::span<const VisitRow> visits, Direction direction, Plan& plan);
  // All three, for visits in any order.
  Plan PlanAll(std::vector<VisitRow> visits, Direction direction);
  // Inside a write transaction.
  void Write(const Plan& plan);

 private:
  // The visits of one page in one hour, before that hour's row is read.
  struct HourRun {
    Hour hour;
    int64_t page;
    std::vector<int64_t> agents;  // a visit each
  };
  static void AddHours(int64_t page, std::span<const VisitRow> visits, std::vector<HourRun>& runs);
  void PlanHours(std::span<const HourRun> runs, int64_t sign, Plan& plan);
  void PlanSiteHour(Hour hour, int64_t visits, const PackedCounts& change, Plan& plan);
  void PlanAgents(std::span<const VisitRow> visits, int64_t sign, Plan& plan);

  PageClients clients_;
  Statement find_hours_;
  Statement put_hours_;
  Statement delete_hour_;
  Statement find_site_hour_;
  Statement put_site_hours_;
  Statement delete_site_hour_;
  Statement find_agent_;
  Statement put_agents_;
  Statement delete_agent_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ROLLUP_ROLLUPS_H_
