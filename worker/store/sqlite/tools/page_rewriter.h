// Gives stored visits other pages: those that they would count for if they were recorded now.
//
// A block at a time, in short transactions that each leave a file whose every figure is exact; ids and times of visits
// stay. The maintenance counts later who visited which page (client_counter.h). Rewriting only under the maintenance
// lock; it takes the write lock itself. One a connection; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_TOOLS_PAGE_REWRITER_H_
#define PAGE_COUNT_STORE_SQLITE_TOOLS_PAGE_REWRITER_H_

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "worker/store/page_rewrite.h"
#include "worker/store/sqlite/columns/block_table.h"
#include "worker/store/sqlite/columns/client_counter.h"
#include "worker/store/sqlite/columns/sealer.h"
#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/database_lock.h"
#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/log/page_total_table.h"
#include "worker/store/sqlite/log/visit_log.h"

namespace page_count {

class PageRewriter {
 public:
  // Borrows all of them. `between` is called after each transaction, out of the write lock.
  PageRewriter(Connection& connection, const DatabaseLock& writer, Sealer& sealer, ClientCounter& counter,
               std::function<void()> between);

  // What Rewrite would do. Reads one snapshot.
  PageRewrite Plan(const PageOf& page_of);
  PageRewrite Rewrite(const PageOf& page_of);

 private:
  // The places of texts in a list that has each once; then their ids.
  struct Texts {
    size_t PlaceOf(const std::string& text);

    std::vector<std::string> texts;
    std::unordered_map<std::string, size_t> places;
    std::vector<int64_t> ids;
  };
  // The pages that are to be others, by their ids, with the places of what they get.
  struct Move {
    size_t url;
    size_t source;
  };
  struct Moves {
    PageRewrite sum;
    std::unordered_map<int64_t, Move> pages;
    Texts urls;
    Texts sources;

    bool Has(int64_t page) const { return pages.contains(page); }
    // Of a visit to one of the pages.
    void Apply(VisitRow& visit) const;
  };

  Moves FindMoves(const PageOf& page_of);
  std::unordered_map<int64_t, int64_t> CountVisits();
  void AddTexts(Moves& moves);
  // Returns whether there was one to be moved.
  bool MoveBlocks(const Moves& moves);
  bool MoveBlock(const Block& block, const Moves& moves);
  // Inside a write transaction: those after `seen`, which it moves on.
  void MoveTail(const Moves& moves, VisitId& seen);
  void DeleteMoved(const Moves& moves);

  Connection& connection_;
  const DatabaseLock& writer_;
  Sealer& sealer_;
  ClientCounter& counter_;
  std::function<void()> between_;
  LogStateTable state_;
  VisitLog log_;
  BlockTable blocks_;
  Statement pages_;
  PageTotalTable total_table_;
  Statement totals_;
  Statement tail_pages_;
  Statement tail_;
  Statement set_page_;
  Statement delete_empty_totals_;
  Statement move_titles_;
  Statement delete_titles_;
  Statement delete_pages_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_TOOLS_PAGE_REWRITER_H_
