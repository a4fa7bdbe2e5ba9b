// Counts made from the filed log so that answers need not read all of it: who visited a page, and each page's hours.
//
// What they count so far is RollupProgress; whoever answers adds what is not counted yet. Everything here can be made
// again from the log. Only under the writer's lock and inside a write transaction; one a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_ROLLUPS_H_
#define PAGE_COUNT_STORE_SQLITE_ROLLUPS_H_

#include <span>
#include <vector>

#include "worker/store/sqlite/statement.h"
#include "worker/store/sqlite/visit_id.h"

namespace page_count {

// The orders in which visits are counted.
bool PageThenClient(const VisitRow& left, const VisitRow& right);
bool ClientFirst(const VisitRow& left, const VisitRow& right);

class Rollups {
 public:
  enum class Direction { kAdd, kTakeAway };
  // What a kTakeAway left without a visit.
  struct Emptied {
    std::vector<int64_t> clients;
    std::vector<int64_t> agents;
  };

  explicit Rollups(Connection& connection);

  // Counts visits for the pages, or for the site; they come sorted by PageThenClient, or by client.
  void CountPages(std::span<const VisitRow> visits, Direction direction);
  Emptied CountSite(std::span<const VisitRow> visits, Direction direction);
  // Both, for visits in any order.
  Emptied Count(std::vector<VisitRow> visits, Direction direction);

 private:
  // Answers by how much the page's number of clients changed.
  int64_t CountClient(int64_t page, int64_t client, int64_t visits);
  void CountHours(int64_t page, std::span<const VisitRow> visits, int64_t sign);
  void CountHour(Hour hour, int64_t page, std::span<const VisitRow> visits, int64_t sign);
  std::vector<int64_t> CountAgents(std::span<const VisitRow> visits, int64_t sign);

  Statement find_client_;
  Statement update_client_;
  Statement insert_client_;
  Statement delete_client_;
  Statement add_clients_;
  Statement find_hour_;
  Statement put_hour_;
  Statement delete_hour_;
  Statement add_agent_;
  Statement delete_agent_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ROLLUPS_H_
