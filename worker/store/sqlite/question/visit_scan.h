// Reads visits in full, newest first: the tail's rows, then the blocks from the newest on.
//
// Remembers the block that it decoded last, as a scan comes back to it chunk by chunk. One a connection, same thread;
// inside a read transaction. Throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_VISIT_SCAN_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_VISIT_SCAN_H_

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "worker/store/sqlite/columns/block_table.h"
#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/question/id_set.h"
#include "worker/store/sqlite/question/text_reader.h"
#include "worker/visits/visit.h"

namespace page_count {

class VisitScan {
 public:
  struct Range {
    VisitId from = kNoVisit;
    VisitId before = kAfterAllVisits;
    std::optional<int64_t> page = std::nullopt;  // by id
    const IdSet* agents = nullptr;               // one of which it must have
    int64_t skip = 0;                            // so many of the newest
    bool reads_many = false;                     // of a block: its clients' addresses are read together
  };
  // Returns whether it wants more.
  using Take = std::function<bool(VisitId id, LoggedVisit visit)>;

  // Borrows `texts`, whose snapshot has begun.
  VisitScan(Connection& connection, TextReader& texts);

  // Hands over the visits of a range until it ends, or `take` wants no more; false then.
  bool Run(Range range, const Take& take);
  // Frees the block that it remembers.
  void ReleaseBlock() { decoded_ = {}; }

 private:
  struct Decoded {
    int64_t block = 0;
    std::vector<VisitId> times;
    std::array<CodeColumn, kColumns> columns;
    std::vector<std::string> addresses = {};  // of the clients, by code; empty until many are read
  };

  bool RunTail(Range& range, const Take& take);
  bool RunBlock(const Block& block, Range& range, const Take& take);
  const Decoded& Decode(const Block& block);
  void ReadAddresses();
  LoggedVisit Read(const TextIds& texts, VisitId id, std::string ip);

  TextReader& texts_;
  BlockTable blocks_;
  LogStateTable state_;
  Statement newest_;
  Statement addresses_;
  Decoded decoded_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_VISIT_SCAN_H_
