// What the operator's tools do to the file: which locks they hold, and what one that dies leaves.
//
//   check    one read snapshot, no lock: compares every total and set of clients with the visits, and each id with its
//            dictionary. Workers go on; checkpoints cannot pass the snapshot, so the log grows meanwhile.
//   repair   maintenance and write lock, one transaction: counts page_total again, empties the sets of clients and
//            forgets the attributes, which are worked out again. Dead before the commit: nothing has changed. Dead
//            after it: figures are exact and slow, and any worker counts clients again.
//   import   (importer.h) the maintenance lock to the end. By chunk: adds new texts in transactions of their own; seals
//            the tail, so that the watermark lies after the chunk's newest visit; then writes blocks and totals in one
//            transaction. Dead: all chunks before are imported, this one is not.
//   rewrite  (page_rewriter.h) the maintenance lock to the end, a transaction a block. Says itself what a death leaves.
//   backup   (file_copy.h) one read snapshot into a new file with an id of its own, which is read back. Dead: at most
//            an unfinished file is left, under a name that is not the backup's.
//   restore  (restore.h) keeps every session out; says itself what a death at each step leaves.
//
// Invariants that check proves:
//   1. SQLite's own integrity_check finds nothing.
//   2. Every column of every block decodes, with its checksum; blocks do not overlap, and lie up to the watermark.
//   3. Every id of a visit is in its dictionary, and none is above the last one given out.
//   4. Totals and sets of clients are what a recount of the blocks up to their watermarks gives.

#include "worker/store/sqlite/tools/integrity.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "worker/store/sqlite/columns/attribute_table.h"
#include "worker/store/sqlite/columns/block_table.h"
#include "worker/store/sqlite/columns/client_counter.h"
#include "worker/store/sqlite/columns/page_clients.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/log/page_total_table.h"
#include "worker/store/sqlite/log/text_statements.h"
#include "worker/store/store_error.h"

namespace page_count {
namespace {

constexpr int64_t kComparedTogether = 4 << 20;  // visits whose clients are held in memory at once

constexpr int64_t kAfterAllPages = (int64_t{1} << 30) - 1;  // PageClients has room for no more

std::vector<int64_t> ReadIds(Connection& connection, std::string_view signature) {
  std::vector<int64_t> ids;
  Statement statement(connection, signature);
  Rows rows = statement.Run();
  while (rows.Next()) ids.push_back(rows.Int(0));
  return ids;
}

struct PageTotal {
  int64_t visits = 0;
  int64_t clients = 0;
};

std::map<int64_t, PageTotal> ReadTotals(Connection& connection) {
  std::map<int64_t, PageTotal> totals;
  Statement statement(connection, "page_total_read() -> page_id, visits, clients");
  Rows rows = statement.Run();
  while (rows.Next()) totals[rows.Int(0)] = {rows.Int(1), rows.Int(2)};
  return totals;
}

class Checker {
 public:
  explicit Checker(Connection& connection)
      : connection_(connection),
        table_(connection),
        blocks_(table_.Find(kNoVisit, kAfterAllVisits)),
        state_(LogStateTable(connection).Read()),
        totals_(ReadTotals(connection)) {}

  std::vector<std::string> Check() {
    Note(Statement(connection_, "check_watermarks() -> differences").ReadInt(),
         "watermarks, blocks or last ids are out of order");
    Note(Statement(connection_, "check_tail() -> differences").ReadInt(),
         "visits refer to a page, user agent or source that is not there");
    Note(Statement(connection_, "check_titles() -> differences").ReadInt(), "titles are of a page that is not there");
    CheckAttributes();
    if (CheckBlocks()) {  // what is damaged cannot be counted again
      CheckTotals();
      CheckClients();
    }
    return std::move(problems_);
  }

 private:
  void Note(int64_t count, const char* what) {
    if (count > 0) problems_.push_back(std::to_string(count) + " " + what);
  }

  void CheckAttributes() {
    AttributeTable attributes(connection_);
    try {
      for (const Dimension attribute : kAllAttributes) {
        const Dimension column = ColumnOf(attribute);
        const auto values = attributes.ReadValues(attribute);
        attributes.ReadCodes(attribute, state_.last_ids[IndexOf(column)], values.texts().size());
        Note(attributes.ReadProgress(column).last_id > state_.last_ids[IndexOf(column)] ? 1 : 0,
             "dictionary has attributes of texts that are not there yet");
      }
    } catch (const StoreError& error) {
      problems_.emplace_back(error.what());
    }
  }

  bool CheckBlocks() {
    std::array<std::vector<int64_t>, kColumns> there;
    for (const Dimension column : kAllColumns) there[IndexOf(column)] = ReadIds(connection_, StatementsOf(column).ids);
    there[IndexOf(Dimension::kSource)].insert(there[IndexOf(Dimension::kSource)].begin(), 0);  // none
    const size_t before = problems_.size();
    int64_t missing = 0;
    for (const Block& block : blocks_) {
      try {
        table_.ReadTimes(block);
        for (const Dimension column : kAllColumns) missing += CountMissing(block, column, there[IndexOf(column)]);
      } catch (const StoreError& error) {
        problems_.emplace_back(error.what());
      }
    }
    const bool is_whole = problems_.size() == before;
    Note(missing, "ids in blocks refer to a page, client, user agent or source that is not there");
    return is_whole;
  }

  int64_t CountMissing(const Block& block, Dimension column, const std::vector<int64_t>& there) {
    const CodeColumn codes = table_.ReadColumn(block, column);
    if (column == Dimension::kPage) {
      std::vector<int64_t> counts(codes.ids.size());
      for (const uint16_t code : codes.codes) ++counts[code];
      for (size_t code = 0; code < counts.size(); ++code) visits_[codes.ids[code]] += counts[code];
    }
    return std::count_if(codes.ids.begin(), codes.ids.end(),
                         [&](int64_t id) { return !std::binary_search(there.begin(), there.end(), id); });
  }

  void CheckTotals() {
    int64_t differences = 0;
    for (const auto& [page, visits] : visits_) {
      const auto total = totals_.find(page);
      differences += total == totals_.end() || total->second.visits != visits ? 1 : 0;
    }
    for (const auto& [page, total] : totals_) {
      if (page != kSitePage && total.visits != 0 && !visits_.contains(page)) ++differences;
    }
    Note(differences, "pages have a total that differs from the visits");
  }

  // Some pages after each other, as many as have so many visits, and the site by itself.
  void CheckClients() {
    int64_t differences = CountClientDifferences(kSitePage, kSitePage + 1);
    int64_t first = kSitePage + 1;
    int64_t together = 0;
    for (const auto& [page, visits] : visits_) {
      if (together > 0 && together + visits > kComparedTogether) {
        differences += CountClientDifferences(first, page);
        first = page;
        together = 0;
      }
      together += visits;
    }
    differences += CountClientDifferences(first, kAfterAllPages);
    Note(differences, "pages have clients that differ from the visits");
  }

  int64_t CountClientDifferences(int64_t from_page, int64_t before_page) {
    const auto expected = CountClients(from_page, before_page);
    std::vector<int64_t> found;
    std::map<int64_t, int64_t> sizes;
    Statement statement(connection_, "page_clients_range(from_id, before_id) -> id, clients");
    Rows rows = statement.Run(PageClientKey(from_page, 0), PageClientKey(before_page, 0));
    while (rows.Next()) {
      const int64_t page = rows.Int(0) >> kClientBits;
      for (const int64_t client : UnpackIds(rows.Bytes(1))) {
        found.push_back(PageClientKey(page, client));
        ++sizes[page];
      }
    }
    std::vector<int64_t> differing;
    std::set_symmetric_difference(expected.begin(), expected.end(), found.begin(), found.end(),
                                  std::back_inserter(differing));
    for (int64_t& key : differing) key >>= kClientBits;
    for (auto total = totals_.lower_bound(from_page); total != totals_.end() && total->first < before_page; ++total) {
      if (total->second.clients != sizes[total->first]) differing.push_back(total->first);
    }
    std::sort(differing.begin(), differing.end());
    return std::unique(differing.begin(), differing.end()) - differing.begin();
  }

  // As PageClientKeys, sorted, each once.
  std::vector<int64_t> CountClients(int64_t from_page, int64_t before_page) {
    std::vector<int64_t> keys;
    for (const Block& block : blocks_) {
      if (block.first > state_.clients.clients_target && block.first > state_.clients.clients_watermark) break;
      const size_t first = keys.size();
      for (const VisitRow& visit : table_.ReadVisits(block)) {
        const int64_t page = from_page == kSitePage ? kSitePage : visit.page();
        const int64_t key = PageClientKey(page, visit.client());
        if (page >= from_page && page < before_page && state_.clients.Counts(visit.id, key)) keys.push_back(key);
      }
      std::sort(keys.begin() + static_cast<std::ptrdiff_t>(first), keys.end());
      keys.erase(std::unique(keys.begin() + static_cast<std::ptrdiff_t>(first), keys.end()), keys.end());
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
  }

  Connection& connection_;
  BlockTable table_;
  std::vector<Block> blocks_;
  LogState state_;
  std::map<int64_t, PageTotal> totals_;
  std::map<int64_t, int64_t> visits_;  // by page, in blocks
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> CheckFileIntegrity(Connection& connection) {
  std::vector<std::string> problems;
  const auto take = [](void* into, int, char** values, char**) {
    if (std::string_view(values[0]) != "ok") static_cast<std::vector<std::string>*>(into)->emplace_back(values[0]);
    return 0;
  };
  if (sqlite3_exec(connection.handle(), "pragma integrity_check", take, &problems, nullptr) != SQLITE_OK) {
    connection.Throw("check the file");
  }
  return problems;
}

std::vector<std::string> CheckIntegrity(Connection& connection) {
  Transaction snapshot(connection, Transaction::Kind::kRead);
  std::vector<std::string> problems = CheckFileIntegrity(connection);
  const auto more = Checker(connection).Check();
  problems.insert(problems.end(), more.begin(), more.end());
  return problems;
}

void CountAgain(Connection& connection) {
  BlockTable table(connection);
  std::map<int64_t, int64_t> visits;
  for (const Block& block : table.Find(kNoVisit, kAfterAllVisits)) {
    const CodeColumn pages = table.ReadColumn(block, Dimension::kPage);
    for (const uint16_t code : pages.codes) ++visits[pages.ids[code]];
  }
  std::vector<PageVisits> rows;
  rows.reserve(visits.size());
  for (const auto& [page, count] : visits) rows.push_back({page, count});
  Statement(connection, "page_total_empty()").Execute();
  Statement(connection, "page_total_add(rows(page_id, visits))").Execute(ArrayRows(rows));
  PageClients(connection).Empty();
  AttributeTable attributes(connection);
  for (const Dimension column : kAllColumns) attributes.Clear(column);
  LogStateTable state(connection);
  state.SetClients({});
  state.StartNextGeneration();
}

}  // namespace page_count
