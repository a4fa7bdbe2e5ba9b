// Counts made from the log so that answers need not read all of it: who visited a page, and each page's hours.
//
// They count the log up to a watermark (state.rolled_up_id) and are moved on in sets, long after the visits were
// acknowledged; whoever answers adds the tail behind it. Everything here can be made again from the log. Only under
// the writer's lock and inside a write transaction; one a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_ROLLUPS_H_
#define PAGE_COUNT_STORE_SQLITE_ROLLUPS_H_

#include <span>
#include <vector>

#include "worker/store/sqlite/statement.h"
#include "worker/store/sqlite/visit_id.h"

namespace page_count {

// A stretch of the log in the order of time, `limit` rows at the most.
std::vector<VisitRow> ReadVisits(Statement& visit_range, VisitId from, VisitId before, int64_t limit);

class Rollups {
 public:
  enum class Direction { kAdd, kTakeAway };
  // What a kTakeAway left without a visit.
  struct Emptied {
    std::vector<int64_t> clients;
    std::vector<int64_t> agents;
  };

  explicit Rollups(Connection& connection);

  // Moves the watermark over at most `limit` visits. False where the tail is empty now.
  bool RollUp(int64_t limit);
  // Counts visits that are in the log before the watermark, or will no longer be.
  Emptied Apply(std::span<const VisitRow> visits, Direction direction);
  VisitId Watermark();
  void SetWatermark(VisitId id);

 private:
  // Both take the visits in any order and leave them sorted by what they count.
  void CountClients(std::vector<VisitRow>& visits, int64_t sign, Emptied& emptied);
  void CountHours(std::vector<VisitRow>& visits, int64_t sign, Emptied& emptied);
  // Answers by how much the page's number of clients changed.
  int64_t CountClient(int64_t page, int64_t client, int64_t visits);
  void CountHour(Hour hour, int64_t page, std::span<const VisitRow> visits, int64_t sign);

  Statement read_state_;
  Statement set_watermark_;
  Statement visit_range_;
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
