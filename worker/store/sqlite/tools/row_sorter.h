// Brings visits into the order of their times, however many there are: what does not fit into some MiB of memory is put
// aside, sorted, in a file without a name.
//
// Those of one time stay in the order in which they were added. Holds 10 MiB of visits while they are added, and up to
// 16 MiB while they are taken (4 KiB for each 262,144 visits, should that be more). All are added before the first is
// taken. One thread; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_TOOLS_ROW_SORTER_H_
#define PAGE_COUNT_STORE_SQLITE_TOOLS_ROW_SORTER_H_

#include <sys/types.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "worker/store/sqlite/log/visit_id.h"

namespace page_count {

class RowSorter {
 public:
  static constexpr size_t kRowsInMemory = 262'144;

  // The folder is for the file.
  explicit RowSorter(std::string folder, size_t rows_in_memory = kRowsInMemory);
  ~RowSorter();
  RowSorter(const RowSorter&) = delete;
  RowSorter& operator=(const RowSorter&) = delete;

  // Rows that have the first id of their time.
  void Add(std::span<const VisitRow> rows);
  bool is_empty() const { return rows_.empty() && runs_.empty(); }
  // The next rows, `most` at the most; none at the end. It ends where a time does, unless one has more than `most`.
  std::vector<VisitRow> Take(size_t most);

 private:
  // Sorted rows in the file, and those of them that were read.
  struct Run {
    off_t at;
    size_t rows_left;
    std::vector<VisitRow> read;
    size_t next;
  };

  void SortRows();
  void PutAside();
  void StartTaking();
  bool TakeOne(VisitRow& row);
  // Whether there is a next row.
  bool Refill(Run& run);
  bool IsLater(size_t left, size_t right) const;
  [[noreturn]] void Fail() const;

  std::string folder_;
  size_t rows_in_memory_;
  int file_ = -1;
  std::vector<VisitRow> rows_;
  std::vector<Run> runs_;
  std::vector<size_t> heads_;  // a heap of the runs that have a next row, the one that is first on top
  std::vector<VisitRow> kept_back_;
  bool is_taking_ = false;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_TOOLS_ROW_SORTER_H_
