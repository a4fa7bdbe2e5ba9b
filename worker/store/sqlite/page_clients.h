// Who visited a page, and how often: the page's list of clients, packed, in parts of some hundred bytes.
//
// A part holds the clients from its `from` on up to the page's next part; the first begins at 0. Much denser than a row
// a client, so that counting a set of visits changes few pages of the file. Changes are planned and written as Rollups
// says. Same thread as the connection; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_PAGE_CLIENTS_H_
#define PAGE_COUNT_STORE_SQLITE_PAGE_CLIENTS_H_

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "worker/store/sqlite/packed_counts.h"
#include "worker/store/sqlite/statement.h"

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
  Rows found = find_.Run(clients);
  bool more = found.Next();
  const auto has_part = [&](size_t row) { return more && found.Int(0) == static_cast<int64_t>(row); };
  for (size_t first = 0; first < clients.size();) {
    Part part{.page = clients[first].a};
    if (has_part(first)) {
      part.from = FromOf(found.Int(1));
      part.clients = PackedCounts::Unpack(found.Bytes(2));
    }
    size_t end = first;
    do {
      if (has_part(end)) more = found.Next();
      ++end;
    } while (end < clients.size() && clients[end].a == part.page &&
             part.from == (has_part(end) ? FromOf(found.Int(1)) : 0));
    take(clients.subspan(first, end - first), std::move(part));
    first = end;
  }
}

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_PAGE_CLIENTS_H_
