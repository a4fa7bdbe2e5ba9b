// Walks the visits of a range of ids one by one, oldest or newest first: those in blocks and those of the tail.
//
// Holds one block at a time and decodes of it only the columns that it is asked for; of the tail it holds a piece. All
// inside one read transaction, which the statement that reads the table `visits` has open. Same thread as the
// connection; throws StoreError, also for a block that is damaged.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_VISITS_CURSOR_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_VISITS_CURSOR_H_

#include <memory>
#include <string>
#include <vector>

#include "worker/store/sqlite/columns/block_table.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/question/block_visits.h"
#include "worker/store/sqlite/question/id_range.h"
#include "worker/store/sqlite/question/text_cache.h"

namespace page_count {

// The statements that cursors run, each to its end before the next. One a connection.
struct VisitsStatements {
  explicit VisitsStatements(DatabaseHandle& database);

  BlockTable blocks;
  LogStateTable state;
  Statement marks;
  Statement tail_oldest;
  Statement tail_newest;
  Statement url;
  Statement address;
  Statement agent;
};

class VisitsCursor {
 public:
  // Borrows both. The source is the statements' blocks unless a test puts another one before them.
  VisitsCursor(VisitsStatements& statements, ColumnSource& blocks);

  enum class Order { kOldestFirst, kNewestFirst };
  // Goes to the first visit of the range.
  void Start(const IdRange& range, Order order);
  void Next();
  bool AtEnd() const { return !block_ && tail_.empty(); }

  // Of the visit that it is at. A text is valid until the next call of the same.
  VisitId Id();
  const std::string& Url();
  const std::string& Address();
  const std::string& Agent();

 private:
  struct TailVisit {
    VisitId id;
    int64_t page;
    int64_t agent;
    std::string ip;
  };
  struct OpenBlock {
    OpenBlock(ColumnSource& source, const Block& found) : block(found), visits(source, block) {}
    const Block block;
    BlockVisits visits;
  };

  bool IsNewestFirst() const { return order_ == Order::kNewestFirst; }
  // The next block that has visits of the range; none if there are no more.
  void OpenNextBlock();
  void Enter(const Block& block);
  // The next piece of the tail; empty at its end.
  void ReadTail();
  int64_t TextId(Dimension column);

  VisitsStatements& statements_;
  ColumnSource& source_;
  TextCache urls_;
  TextCache addresses_;
  TextCache agents_;

  Order order_ = Order::kOldestFirst;
  IdRange range_;
  IdRange tail_range_;  // that is not read yet
  std::vector<Block> blocks_;
  size_t next_block_ = 0;
  std::unique_ptr<OpenBlock> block_;  // that it is in; else it is in tail_
  size_t begin_ = 0;                  // places of the block's visits in the range
  size_t end_ = 0;
  std::vector<TailVisit> tail_;
  size_t at_ = 0;  // in the order of the walk, from 0 on, of the block's visits in the range or of tail_
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_VISITS_CURSOR_H_
