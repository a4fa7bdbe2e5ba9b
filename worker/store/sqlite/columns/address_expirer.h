// Makes addresses unreadable that no visit has had for some time: their clients get random pseudonyms, and stay the
// same clients in every visit, set and figure.
//
// In short transactions, so that recording goes on meanwhile; every answer is exact in between. Looks at all clients
// once a day. What was overwritten is gone from the file if the connection's secure_delete is on, and then the log is
// erased. Call it under the maintenance lock; it takes the write lock itself. One a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_ADDRESS_EXPIRER_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_ADDRESS_EXPIRER_H_

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "worker/store/sqlite/columns/attribute_table.h"
#include "worker/store/sqlite/columns/block_table.h"
#include "worker/store/sqlite/columns/sealer.h"
#include "worker/store/sqlite/engine/checkpointer.h"
#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/log_state.h"

namespace page_count {

class AddressExpirer {
 public:
  // Borrows all but the retention; 0 days: addresses do not expire.
  AddressExpirer(Connection& connection, const DatabaseLock& writer, Sealer& sealer, Checkpointer& checkpointer,
                 std::chrono::days retention);

  // Whether it has not looked at the clients for a day, or has still to erase the log.
  bool IsDue(UtcTime now) const;
  // Works on some clients if it is due. Returns whether there is more to do at once: first, what must have been done
  // with the visits that it has sealed.
  bool ExpireSome(UtcTime now);

 private:
  // A client and its address as the dictionary has it.
  using Client = std::pair<int64_t, std::string>;

  bool IsPassDue(UtcTime now) const;
  // Returns whether there is more to do.
  bool WorkOnPass(VisitId before);
  void FindActive(VisitId before);
  void NoteTail();
  // Those with ids from `from_id` on and before `before_id` that have an address and no new visit.
  std::vector<Client> FindExpired(int64_t from_id, int64_t before_id);
  void Expire(std::span<const Client> clients);
  std::string PseudonymFor(int64_t client) const;

  Connection& connection_;
  const DatabaseLock& writer_;
  Sealer& sealer_;
  Checkpointer& checkpointer_;
  const std::chrono::days retention_;
  LogStateTable state_;
  BlockTable blocks_;
  AttributeTable attributes_;
  Statement visit_range_;
  Statement client_range_;
  Statement expire_;

  std::optional<UtcTime> last_pass_;
  int64_t next_client_ = 0;
  bool must_erase_;  // the log may have addresses that have expired, perhaps under a process that has ended since
  // Of the call that is under way.
  std::vector<bool> active_;  // by client: has a visit in a block that is new enough
  std::unordered_set<std::string> tail_addresses_;
  VisitId noted_up_to_ = kNoVisit;  // of the tail
  AttributeValues countries_;
  std::vector<AttributeCode> country_codes_;  // by client
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_ADDRESS_EXPIRER_H_
