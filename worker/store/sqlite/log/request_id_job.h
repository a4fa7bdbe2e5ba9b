// Moves recent request ids to the others, and forgets those whose lifetime is over: a part of the table a call, all of
// it once a day.
//
// Recent ids are added to the table in its order, many at a time: so each of its pages is written once for many ids.
// Which ids are old does not show in their order, so all are looked at; an index by age would cost each visit with an
// id more. Under the maintenance lock; takes the write lock for each part. One a connection, same thread; throws
// StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_LOG_REQUEST_ID_JOB_H_
#define PAGE_COUNT_STORE_SQLITE_LOG_REQUEST_ID_JOB_H_

#include <functional>
#include <optional>
#include <string>

#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/visits/utc_time.h"

namespace page_count {

class RequestIdJob {
 public:
  // `between` is called after each transaction.
  RequestIdJob(Connection& connection, const DatabaseLock& writer, std::function<void()> between);

  // Moves recent ids, if they are many; fewer are worth it if nobody is recording. Returns whether it has.
  bool MoveSome(bool is_quiet);
  // Returns whether there is more to look at now. `now` is the clock's.
  bool ForgetSome(UtcTime now);

 private:
  std::string LastOfPart();

  Connection& connection_;
  const DatabaseLock& writer_;
  std::function<void()> between_;
  Statement count_recent_;
  Statement read_recent_;
  Statement add_;
  Statement delete_recent_;
  Statement step_;
  Statement expire_;
  std::string after_;  // how far this round has come
  std::optional<UtcTime> next_round_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_LOG_REQUEST_ID_JOB_H_
