// How far visits are sealed and counted: the one row of the table `state`.
//
// Two watermarks, clients_watermark <= sealed_watermark: all visits up to sealed_watermark are in blocks and in the
// pages' totals; the clients of all visits up to clients_watermark are in page_clients. While clients are being counted
// those of the visits up to clients_target are there too that come before the cursor, in the order of (page, client),
// where the site is page 0. So many visits are counted in short transactions, and every answer in between is exact.
// Same thread as the connection.
#ifndef PAGE_COUNT_STORE_SQLITE_LOG_LOG_STATE_H_
#define PAGE_COUNT_STORE_SQLITE_LOG_LOG_STATE_H_

#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/visit_id.h"

namespace page_count {

constexpr int64_t kSitePage = 0;  // the whole site, in page_clients

// A client of a page as one number, in the order in which they are counted.
constexpr int kClientBits = 33;
constexpr int64_t PageClientKey(int64_t page, int64_t client) { return page << kClientBits | client; }

struct ClientsProgress {
  VisitId clients_watermark = kNoVisit;
  VisitId clients_target = kNoVisit;
  int64_t clients_cursor = 0;  // a PageClientKey

  // Whether page_clients holds the client of a visit to that page, or to the site.
  bool Counts(VisitId id, int64_t page_client) const {
    return id <= clients_watermark || (id <= clients_target && page_client < clients_cursor);
  }
};

struct LogState {
  VisitId sealed_watermark = kNoVisit;
  ClientsProgress clients;
  int64_t generation = 0;     // once it changes, caches of texts and totals are void
  VisitId newest = kNoVisit;  // ever given out
  TextIds last_ids = {};      // that texts got; they are never used again
};

class LogStateTable {
 public:
  explicit LogStateTable(DatabaseHandle& database);

  LogState Read();
  // All these inside a write transaction.
  void SetSealed(VisitId watermark);
  void SetClients(const ClientsProgress& progress);
  void SetLastIds(const TextIds& ids);
  void StartNextGeneration();

 private:
  Statement read_;
  Statement set_sealed_;
  Statement set_clients_;
  Statement set_last_ids_;
  Statement next_generation_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_LOG_LOG_STATE_H_
