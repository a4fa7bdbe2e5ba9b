// Adds the clients of sealed visits to the sets of their pages, and of the site.
//
// Some blocks' visits at a time, sorted, in transactions short enough not to show in what recording takes; every answer
// is exact in between (see ClientsProgress), and the next run goes on from the point at which a process has died. Call
// all of it under the maintenance lock; it takes the write lock itself. One a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_CLIENT_COUNTER_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_CLIENT_COUNTER_H_

#include <functional>
#include <span>
#include <vector>

#include "worker/store/sqlite/columns/block_table.h"
#include "worker/store/sqlite/columns/page_clients.h"
#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/log/log_state.h"

namespace page_count {

// The pages and clients of those visits that page_clients does not hold, the site's too; sorted, each once.
std::vector<PageClient> UncountedClients(std::span<const VisitRow> visits, const ClientsProgress& progress);

class ClientCounter {
 public:
  // Borrows all of them. `between` is called after each transaction, out of the write lock.
  ClientCounter(Connection& connection, const DatabaseLock& writer, std::function<void()> between);

  // Counts a bounded number of visits. Returns whether there is more to do.
  bool CountSome();
  // The same until there is no more, more visits at a time.
  void CountAll();
  // Inside a write transaction: empties all sets, to be counted again.
  void StartOver();
  // For a few sealed visits that came late: what makes the sets that are counted already hold their clients. Write it
  // inside the transaction that adds the visits.
  PageClients::Plan PlanToAdd(std::span<const VisitRow> late_visits);
  void Write(const PageClients::Plan& plan) { clients_.Write(plan); }

 private:
  // As CountSome.
  bool Count(size_t at_least);
  // Fills keys_ with those of the next visits' pages and clients that are not counted. Returns the last visit, kNoVisit
  // if there is none.
  VisitId FindKeys(VisitId before, size_t at_least, const ClientsProgress& progress);
  // Brings the progress up to its target.
  void AddKeys(ClientsProgress& progress);

  Connection& connection_;
  const DatabaseLock& writer_;
  std::function<void()> between_;
  LogStateTable state_;
  BlockTable blocks_;
  PageClients clients_;
  std::vector<int64_t> keys_;  // of pages' clients, sorted, each once
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_CLIENT_COUNTER_H_
