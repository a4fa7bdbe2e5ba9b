// Visits whose client has no id yet, and their addresses: an IPv4 address is an id by itself (client_id.h), any other
// text is looked up, or added, only when visits are counted, many at a time.
//
// Looking each up as its visit is recorded would cost more than recording does: there are as many as clients, spread
// all over the table. Such a visit's row says kPendingClient. Add and WriteSome inside a write transaction. One a
// connection.
#ifndef PAGE_COUNT_STORE_SQLITE_LOG_PENDING_CLIENTS_H_
#define PAGE_COUNT_STORE_SQLITE_LOG_PENDING_CLIENTS_H_

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/visit_log.h"

namespace page_count {

class PendingClients {
 public:
  struct Entry {
    VisitId id;
    std::string ip;
  };
  struct Resolution {
    std::vector<Entry> visits;
    std::vector<VisitRow> rows;  // theirs: id and client
    PendingIds pending;          // add those that are new before WriteSome
    size_t written = 0;          // of the rows

    bool IsWritten() const { return written == rows.size(); }
  };

  explicit PendingClients(Connection& connection);

  // The addresses of those rows that have no client.
  void Add(std::span<const VisitRow> rows, std::span<const VisitTexts> texts);
  // In the order of time.
  std::vector<Entry> ReadUpTo(VisitId last);
  // Looks up the clients of all visits up to `last`. In a transaction that reads, and under the maintenance lock.
  Resolution FindUpTo(VisitId last, VisitLog& log);
  // Names as many, in the order of time, as suit a short transaction; call it until all is written.
  void WriteSome(Resolution& resolution);

 private:
  Statement add_;
  Statement read_;
  Statement set_clients_;
  Statement delete_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_LOG_PENDING_CLIENTS_H_
