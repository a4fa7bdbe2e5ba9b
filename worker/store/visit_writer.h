// Records visits: the role of a store that the ingest uses.
//
// A batch is committed as a whole or not at all, and each visit gets its time, which never goes back from one visit to
// the next, whoever records it. A batch that was committed is seen by every reader; it outlives the machine once
// MakeDurable has returned. One thread at a time. A broken machine throws StoreError: a commit that throws leaves the
// visits as they were, a MakeDurable that throws leaves them committed and perhaps not durable.
#ifndef PAGE_COUNT_STORE_VISIT_WRITER_H_
#define PAGE_COUNT_STORE_VISIT_WRITER_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "worker/visits/visit.h"

namespace page_count {

class VisitWriter {
 public:
  virtual ~VisitWriter() = default;

  // Returns a receipt a visit; nullopt if it would have to wait, for another writer or for the storage to be opened:
  // then nothing was done.
  virtual std::optional<std::vector<Receipt>> TryCommit(std::span<const Visit* const> batch) = 0;
  // Waits.
  virtual std::vector<Receipt> Commit(std::span<const Visit* const> batch) = 0;
  // All that this instance committed.
  virtual void MakeDurable() = 0;

  // True once enough was committed, since it last said so, that StoreAdmin::Maintain is worth calling.
  [[nodiscard]] virtual bool MaintenanceDue() = 0;
  // Throws StoreError unless so many bytes more can be written and made durable. Waits for other writers, and leaves
  // nothing of its own.
  virtual void ProbeWriting(int64_t bytes) = 0;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_VISIT_WRITER_H_
