// Reads visits in full, newest first: the tail's rows, then the blocks from the newest on. Or oldest first, the other
// way round.
//
// Remembers the block that it decoded last, as a scan comes back to it chunk by chunk. One a connection, same thread;
// inside a read transaction. Throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_VISIT_SCAN_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_VISIT_SCAN_H_

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "worker/store/question.h"
#include "worker/store/sqlite/columns/block_table.h"
#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/question/attribute_lookup.h"
#include "worker/store/sqlite/question/text_reader.h"
#include "worker/visits/visit.h"

namespace page_count {

class VisitScan {
 public:
  enum class Order { kNewestFirst, kOldestFirst };
  struct Range {
    VisitId from = kNoVisit;
    VisitId before = kAfterAllVisits;
    std::optional<int64_t> page = std::nullopt;  // by id
    Question::Bots bots = Question::Bots::kInclude;
    Order order = Order::kNewestFirst;
    int64_t skip = 0;                            // so many of the first
    bool reads_many = false;                     // if many of a block: what its texts are is read together
    std::span<const Dimension> attributes = {};  // that are wanted
    bool wants_titles = false;
  };
  // Returns whether it wants more.
  using Take = std::function<bool(VisitId id, LoggedVisit visit)>;

  // Borrows both, whose snapshots have begun.
  VisitScan(Connection& connection, TextReader& texts, AttributeLookup& attributes);

  // Hands over the visits of a range until it ends, or `take` wants no more; false then.
  bool Run(Range range, const Take& take);
  // Frees the block that it remembers.
  void ReleaseBlock() { decoded_ = {}; }

 private:
  // Of a block's texts of a column, by code.
  struct Values {
    AttributeLookup::State state;
    std::vector<std::string> texts;
  };
  struct Decoded {
    int64_t block = 0;
    std::vector<VisitId> times;
    std::array<CodeColumn, kColumns> columns;
    std::vector<std::string> addresses = {};  // of the clients, by code; empty until many are read
    std::array<Values, kTexts> attributes = {};
  };

  bool RunTail(Range& range, const Take& take);
  bool RunTailRow(const Rows& row, Range& range, const Take& take);
  bool RunBlock(const Block& block, Range& range, const Take& take);
  const Decoded& Decode(const Block& block);
  void ReadTexts(const Range& range, size_t visits);
  void ReadAddresses();
  void ReadAttribute(Dimension attribute);
  // Of a visit of the decoded block.
  bool IsWanted(const Range& range, size_t at) const;
  LoggedVisit Read(const Range& range, size_t at);
  LoggedVisit Read(const Range& range, const TextIds& texts, VisitId id, std::string ip);
  const std::string& TitleOf(int64_t page);

  TextReader& texts_;
  AttributeLookup& attributes_;
  BlockTable blocks_;
  LogStateTable state_;
  Statement newest_;
  Statement oldest_;
  Statement addresses_;
  Decoded decoded_;
  std::unordered_map<int64_t, std::string> titles_;  // of pages, as long as one Run
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_VISIT_SCAN_H_
