// A whole import, chunk after chunk: while one is added on this thread, another thread reads and resolves the next.
//
// Chunks are added as they come, in whatever order that is, for as long as this rewrites at most twice as many visits
// as it adds. From then on they are put aside, beside the database, and added at last in the order of time: so it takes
// time in proportion to its visits, and a constant memory.
#ifndef PAGE_COUNT_STORE_SQLITE_TOOLS_IMPORT_RUN_H_
#define PAGE_COUNT_STORE_SQLITE_TOOLS_IMPORT_RUN_H_

#include <cstddef>
#include <functional>
#include <string>

#include "worker/store/sqlite/engine/checkpointer.h"
#include "worker/store/sqlite/tools/importer.h"
#include "worker/store/sqlite/tools/row_sorter.h"

namespace page_count {

class ImportRun {
 public:
  using Read = std::function<VisitBatch()>;

  // Borrows the first three, of which `resolving` has a connection of its own. `path` is the database's; of what was
  // put aside `at_once` visits are added in a transaction. Under the maintenance lock.
  ImportRun(Importer& adding, Importer& resolving, Checkpointer& checkpointer, std::string path, size_t at_once);

  // Until `read` returns no visits. Throws StoreError.
  void AddAll(const Read& read);

 private:
  void AddSorted();
  // Whether the chunk may be added as it is.
  bool IsInOrder(const Importer::Chunk& chunk);
  void PutAside(const Importer::Chunk& chunk);
  void RequireFilesInPlace() const;

  Importer& adding_;
  Importer& resolving_;
  Checkpointer& checkpointer_;
  std::string path_;
  size_t at_once_;
  RowSorter aside_;
  size_t added_ = 0;  // visits
  size_t rewritten_ = 0;
  size_t oldest_first_ = 0;  // of those put aside
  size_t newest_first_ = 0;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_TOOLS_IMPORT_RUN_H_
