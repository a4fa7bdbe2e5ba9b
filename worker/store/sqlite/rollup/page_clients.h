// Who visited a page, and how often: the page's list of clients, packed, in parts of some hundred bytes.
//
// A part holds the clients from its `from` on up to the page's next part; the first begins at 0. Much denser than a row
// a client, so that counting a set of visits changes few pages of the file. Changes are planned and written as Rollups
// says. Same thread as the connection; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_ROLLUP_PAGE_CLIENTS_H_
#define PAGE_COUNT_STORE_SQLITE_ROLLUP_PAGE_CLIENTS_H_

#include <deque>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/rollup/packed_counts.h"

namespace page_count {

class PageClients {
 public:
  struct Part {
    int64_t page = 0;
    int64_t from = 0;
    PackedCounts clients = {};
  };

  // Parts as they will stand, and what will be gone.
  struct Plan {
    std::vector<BulkRow> parts;  // id, clients
    std::vector<int64_t> gone_parts;
    std::vector<BulkRow> sizes;  // page, by how much its number of clients changes
    std::vector<int64_t> gone_from_site;
    std::deque<std::string> packed;  // what the parts point to
  };

  explicit PageClients(Connection& connection);

  // Calls `take(clients, part)` for each part that some of the clients belong to; it has none of them where the page's
  // list does not begin so early. Clients (a: page, b: client) come sorted. Inside a transaction.
  template <typename Take>
  void ForEachPart(BulkRows clients, Take take);

  // `changes`: page, client, by how many visits; sorted.
  void MakePlan(BulkRows changes, Plan& plan);
  void Write(const Plan& plan);

 private:
  // A part's id holds its page and its `from`. Throws StoreError where one of them is too large for that.
  static constexpr int kFromBits = 33;
  static constexpr int64_t kMaxFrom = (int64_t{1} << kFromBits) - 1;
  static int64_t IdOf(int64_t page, int64_t from);
  static int64_t PageOf(int64_t id) { return id >> kFromBits; }
  static int64_t FromOf(int64_t id) { return id & kMaxFrom; }

  static void PlanPart(BulkRows changes, Part part, Plan& plan);
  static void PlanPacked(const Part& part, Plan& plan);

  Statement find_;
  Statement put_;
  Statement delete_;
  Statement add_sizes_;
};

template <typename Take>
void PageClients::ForEachPart(BulkRows clients, Take take) {
  PassableRows sought{clients};
  Rows found = find_.Run(sought);
  bool more = found.Next();
  for (size_t first = 0; first < clients.size();) {
    const size_t found_at = more ? static_cast<size_t>(found.Int(0)) : clients.size();
    Part part{.page = clients[first].a};
    size_t end = first + 1;
    if (found_at == first) {
      part.from = FromOf(found.Int(1));
      part.clients = PackedCounts::Unpack(found.Bytes(2));
      const bool is_last = found.IsNull(3) || PageOf(found.Int(3)) != part.page;
      const int64_t next_from = is_last ? std::numeric_limits<int64_t>::max() : FromOf(found.Int(3));
      while (end < clients.size() && clients[end].a == part.page && clients[end].b < next_from) ++end;
      sought.next = end;  // one look-up for a part, not for each of its clients
      do {
        more = found.Next();
      } while (more && static_cast<size_t>(found.Int(0)) < end);
    } else {
      while (end < found_at && clients[end].a == part.page) ++end;
    }
    take(clients.subspan(first, end - first), std::move(part));
    first = end;
  }
}

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ROLLUP_PAGE_CLIENTS_H_
