// Forgets request ids whose lifetime is over: a part of the table a call, all of it once a day.
//
// Which ids are old does not show in their order, so all are looked at; an index by age would cost each visit with an
// id more. Takes the write lock for each part. One a connection, same thread; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_LOG_REQUEST_ID_EXPIRY_H_
#define PAGE_COUNT_STORE_SQLITE_LOG_REQUEST_ID_EXPIRY_H_

#include <functional>
#include <optional>
#include <string>

#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/visits/utc_time.h"

namespace page_count {

class RequestIdExpiry {
 public:
  // `between` is called after each transaction.
  RequestIdExpiry(Connection& connection, const DatabaseLock& writer, std::function<void()> between);

  // Returns whether there is more to look at now. `now` is the clock's.
  bool ForgetSome(UtcTime now);

 private:
  std::string LastOfPart();

  Connection& connection_;
  const DatabaseLock& writer_;
  std::function<void()> between_;
  Statement step_;
  Statement expire_;
  std::string after_;  // how far this round has come
  std::optional<UtcTime> next_round_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_LOG_REQUEST_ID_EXPIRY_H_
