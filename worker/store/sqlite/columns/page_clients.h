// Who visited a page: the page's set of clients, packed, in parts of some hundred bytes.
//
// A part holds the clients from its `from` on up to the page's next part; the first begins at 0. Much denser than a row
// a client, so that adding many clients changes few pages of the file. Clients are only ever added: what takes visits
// away empties all sets, and they are counted again (client_counter.h). A change is planned, which reads, and then
// written, so that as little as possible is done under the write lock; in between nobody else may change the sets, so
// all of it under the maintenance lock. Same thread as the connection; throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_PAGE_CLIENTS_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_PAGE_CLIENTS_H_

#include <deque>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "worker/store/sqlite/columns/packed_ids.h"
#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/log_state.h"

namespace page_count {

struct PageClient {
  static constexpr size_t kIntegers = 2;

  int64_t page_id;
  int64_t client_id;

  friend auto operator<=>(const PageClient&, const PageClient&) = default;
};
using PageClientSpan = std::span<const PageClient>;

class PageClients {
 public:
  struct Part {
    int64_t page = 0;
    int64_t from = 0;
    std::vector<int64_t> clients = {};  // ascending
  };

  // A row of page_clients.
  struct PackedPart {
    static constexpr size_t kIntegers = 1;

    int64_t id;
    std::string_view clients;
  };
  // By how much a page's number of clients grows.
  struct Size {
    static constexpr size_t kIntegers = 2;

    int64_t page_id;
    int64_t clients;
  };

  // Parts as they will be.
  struct Plan {
    std::vector<PackedPart> parts;
    std::vector<Size> sizes;
    std::deque<std::string> packed;  // what the parts point to
  };

  explicit PageClients(Connection& connection);

  // Calls `take(clients, part)` for each part that some of the clients belong to; it has none of them if the page's
  // set does not begin so early. Clients come sorted. Inside a transaction.
  template <typename Take>
  void ForEachPart(PageClientSpan clients, Take take);

  // `clients` come sorted, each once; those that are in their set already change nothing.
  void PlanToAdd(PageClientSpan clients, Plan& plan);
  // These inside a write transaction.
  void Write(const Plan& plan);
  void Empty();

 private:
  // A part's id holds its page and its `from`. Throws StoreError if one of them is too large for that.
  static constexpr int64_t kMaxFrom = (int64_t{1} << kClientBits) - 1;
  static int64_t IdOf(int64_t page, int64_t from);
  static int64_t PageOf(int64_t id) { return id >> kClientBits; }
  static int64_t FromOf(int64_t id) { return id & kMaxFrom; }

  static void PlanPart(PageClientSpan clients, Part part, Plan& plan);
  static void PlanPacked(const Part& part, Plan& plan);

  Statement find_;
  Statement put_;
  Statement add_sizes_;
  Statement empty_;
  Statement empty_sizes_;
};

template <typename Take>
void PageClients::ForEachPart(PageClientSpan clients, Take take) {
  size_t sought = 0;
  Rows found = find_.Run(ArrayRows(clients, &sought));
  bool more = found.Next();
  for (size_t first = 0; first < clients.size();) {
    const size_t found_at = more ? static_cast<size_t>(found.Int(0)) : clients.size();
    Part part{.page = clients[first].page_id};
    size_t end = first + 1;
    if (found_at == first) {
      part.from = FromOf(found.Int(1));
      part.clients = UnpackIds(found.Bytes(2));
      const bool is_last = found.IsNull(3) || PageOf(found.Int(3)) != part.page;
      const int64_t next_from = is_last ? std::numeric_limits<int64_t>::max() : FromOf(found.Int(3));
      while (end < clients.size() && clients[end].page_id == part.page && clients[end].client_id < next_from) ++end;
      sought = end;  // one look-up for a part, not for each of its clients
      do {
        more = found.Next();
      } while (more && static_cast<size_t>(found.Int(0)) < end);
    } else {
      while (end < found_at && clients[end].page_id == part.page) ++end;
    }
    take(clients.subspan(first, end - first), std::move(part));
    first = end;
  }
}

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_PAGE_CLIENTS_H_
