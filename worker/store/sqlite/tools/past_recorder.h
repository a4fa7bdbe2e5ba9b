// Records a few visits of the past, which lie among those that are sealed, in one transaction with their request ids.
//
// Unlike an import it keeps the sets of pages' clients, to which it adds: a device that was offline does not have the
// whole file counted again. Under the maintenance lock. One a connection; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_TOOLS_PAST_RECORDER_H_
#define PAGE_COUNT_STORE_SQLITE_TOOLS_PAST_RECORDER_H_

#include <optional>
#include <span>
#include <vector>

#include "worker/store/sqlite/columns/client_counter.h"
#include "worker/store/sqlite/log/request_ids.h"
#include "worker/store/sqlite/tools/importer.h"
#include "worker/visits/visit.h"

namespace page_count {

class PastRecorder {
 public:
  // Borrows all of them.
  PastRecorder(Connection& connection, const DatabaseLock& writer, Importer& importer, ClientCounter& counter);

  // See StoreAdmin::RecordPast. `now` is the clock's.
  std::vector<Receipt> Record(std::span<const PastVisit> visits, UtcTime now);

 private:
  // `firsts` are the places of the first visits with the same ids. Nullopt if somebody else recorded one of the ids
  // meanwhile: then nothing was done.
  std::optional<std::vector<Receipt>> TryRecord(std::span<const PastVisit> visits, std::span<const size_t> firsts,
                                                UtcTime now);
  std::vector<Receipt> FindDuplicates(std::span<const PastVisit> visits, std::span<const size_t> firsts, UtcTime now);

  Connection& connection_;
  const DatabaseLock& writer_;
  Importer& importer_;
  ClientCounter& counter_;
  RequestIds request_ids_;
  Statement add_title_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_TOOLS_PAST_RECORDER_H_
