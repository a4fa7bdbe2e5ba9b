// Looks after the visits that are kept: the role of a store that the maintenance thread, DELETE /cleanup and the
// operator's commands use.
//
// Recording and reading go on meanwhile, and every figure stays exact. One thread at a time. A broken machine throws
// StoreError; what was done until then is whole.
#ifndef PAGE_COUNT_STORE_STORE_ADMIN_H_
#define PAGE_COUNT_STORE_STORE_ADMIN_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "worker/store/page_rewrite.h"
#include "worker/visits/dimension.h"
#include "worker/visits/visit_batch.h"

namespace page_count {

class StoreAdmin {
 public:
  virtual ~StoreAdmin() = default;

  // Does a short part of the work that recording leaves for later, and returns whether to call it again. Under load it
  // puts off work that costs less a visit once there are more visits.
  enum class Load { kBusy, kQuiet };
  virtual bool Maintain(Load load) = 0;
  // For when no other call comes for some seconds, and before the process ends: notices if the storage was taken away
  // under this instance, and saves what it alone still holds. Returns whether somebody else left work for Maintain.
  virtual bool Watch() = 0;

  // Deletes the visits before `cutoff` from the log and every figure, in short transactions. Returns how many.
  virtual int64_t PruneBefore(UtcTime cutoff) = 0;
  // Deletes the visits at `from` or later, those included that are recorded meanwhile. Then new visits have the clock's
  // time again: not later than the clock just because of a visit that is gone. Returns how many were deleted.
  virtual int64_t PruneFrom(UtcTime from) = 0;

  // Adds visits that have their times already, until `read` has no more. Each call of `read` returns the next chunk
  // of them, and may be on another thread. Visits of one time stay in their order, also from one chunk to the next; if
  // too many share a millisecond, some come out up to a second later. What is recorded afterwards is no earlier than
  // the newest. Durable once it returns.
  using Read = std::function<VisitBatch()>;
  virtual void Import(const Read& read) = 0;

  // Records a few visits that have their times already, all or none; a title is a page's only if it has none. Returns a
  // receipt each, without the page's visits. What is recorded afterwards is no earlier than the newest. Durable once it
  // returns.
  virtual std::vector<Receipt> RecordPast(std::span<const PastVisit> visits) = 0;

  // Gives all visits the pages that `page_of` returns for those that they have, and a source to those without one, in
  // short transactions; ids, times and order of visits stay. Of what is recorded meanwhile some may keep its page. One
  // that was cut off is to be called again. A dry run changes nothing and returns what would be done.
  enum class Rewriting { kDryRun, kApply };
  virtual PageRewrite RewritePages(const PageOf& page_of, Rewriting how) = 0;

  // Forgets the attributes of a column's texts, so that Maintain works them out anew.
  virtual void StartAttributesOver(Dimension column) = 0;

  // What is damaged or does not agree, a sentence each; empty if all is well.
  virtual std::vector<std::string> Check() = 0;
  // Rebuilds all that is derived from the visits.
  virtual void Repair() = 0;
  // Writes a copy of all visits into a file that is empty or not there, and reads it back. Returns how many it holds.
  // Throws CopyError if the copy is not good.
  virtual int64_t Backup(const std::string& file) = 0;
  // Visits that are kept.
  virtual int64_t Count() = 0;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_STORE_ADMIN_H_
