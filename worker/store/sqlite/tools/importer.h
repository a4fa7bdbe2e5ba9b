// Adds visits that have their times already, in large chunks: each becomes blocks, merged with those that it overlaps.
//
// A chunk is worked on in two halves that two connections may do at once, on different chunks: Resolve looks up its
// texts and adds new ones, Add merges and writes. All of it under the maintenance lock: meanwhile nobody else seals or
// deletes. Who visited which page is counted again afterwards. One a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_TOOLS_IMPORTER_H_
#define PAGE_COUNT_STORE_SQLITE_TOOLS_IMPORTER_H_

#include <cstdint>
#include <vector>

#include "worker/store/sqlite/columns/block_table.h"
#include "worker/store/sqlite/columns/client_counter.h"
#include "worker/store/sqlite/columns/sealer.h"
#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/log/page_total_table.h"
#include "worker/store/sqlite/log/visit_log.h"
#include "worker/visits/visit_batch.h"

namespace page_count {

class Importer {
 public:
  struct Chunk {
    std::vector<VisitRow> rows;  // each with the first id of its time
    VisitOrder order;            // of those that have the same time
  };

  // Sets of pages' clients, which do not know of visits that come before others: they are counted again, or somebody
  // else adds the clients to them.
  enum class Sets : uint8_t { kStartOver, kKeep };

  // Borrows all of them.
  Importer(Connection& connection, const DatabaseLock& writer, Sealing sealing, Sealer& sealer, ClientCounter& counter);

  // Before the first chunk of those that are added under one hold of the maintenance lock: texts that it remembers may
  // have been deleted since.
  void StartChunks() { log_.InvalidateIfNewer(state_.Read().generation); }
  Chunk Resolve(const VisitBatch& batch);
  // Of the visits that were there before it, how many Add would write again.
  size_t CountOverlapped(const Chunk& chunk);
  // Seals what came in, so that the chunk lies among what is sealed.
  void SealUpTo(const Chunk& chunk, Sets sets = Sets::kStartOver);
  void Add(Chunk chunk);

  // Add in two parts. The second is to be called inside a write transaction, and as soon as that.
  struct Merged {
    std::vector<Block> overlapped;  // which the new ones replace
    std::vector<EncodedBlock> blocks;
    std::vector<VisitRow> rows;  // the chunk's, in its order, with their ids
  };
  Merged Merge(Chunk chunk);
  void Write(const Merged& merged);

  bool FilesAreInPlace() { return connection_.FilesAreInPlace(); }

 private:
  void GiveIds(Chunk& chunk);

  Connection& connection_;
  const DatabaseLock& writer_;
  Sealing sealing_;
  Sealer& sealer_;
  ClientCounter& counter_;
  LogStateTable state_;
  VisitLog log_;
  PageTotalTable totals_;
  BlockTable blocks_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_TOOLS_IMPORTER_H_
