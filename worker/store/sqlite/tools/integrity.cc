// What the operator's tools do to the file: which locks they hold, and what one that dies leaves.
//
//   check    one read snapshot, no lock: compares every total and rollup with the log, and each id with its
//            dictionary. Workers go on; checkpoints cannot pass the snapshot, so the log grows meanwhile.
//   repair   maintenance and write lock, one transaction: counts page_total again, empties the rollups. Dead before the
//            commit: nothing has changed. Dead after it: figures are exact and slow, and any worker rolls up.
//   import   (importer.h) the maintenance lock to the end. By chunk: adds new texts in transactions of their own;
//            counts the tail, so that both watermarks lie after the chunk's newest visit; then adds visits, totals and
//            rollups in one transaction. Dead: all chunks before are imported, this one is not.
//   backup   (file_copy.h) one read snapshot into a new file with an id of its own, which is read back. Dead: at most
//            an unfinished file is left, under a name that is not the backup's.
//   restore  (restore.h) keeps every session out; says itself what a death at each step leaves.
//
// Invariants that check proves:
//   1. SQLite's own integrity_check finds nothing.
//   2. Every id of a visit is in its dictionary, or its client is pending (log/visit_log.cc, 2).
//   3. Watermarks are in order, and no dictionary id is above the last one given out.
//   4. Totals and rollups are what a recount of the log up to their watermarks gives.

#include "worker/store/sqlite/tools/integrity.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "worker/store/sqlite/engine/sql.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/log/page_totals.h"
#include "worker/store/sqlite/log/visit_id.h"
#include "worker/store/sqlite/rollup/packed_counts.h"
#include "worker/store/sqlite/rollup/rollups.h"

namespace page_count {
namespace {

int64_t SumOf(const PackedCounts& counts) {
  int64_t visits = 0;
  for (const auto& entry : counts.entries()) visits += entry.visits;
  return visits;
}

// What comparing a group of the log's rows with the rollups found.
struct Compared {
  int64_t rows = 0;  // that the rollups have of it
  int64_t differences = 0;
};

// Compares the rollups with the log's counts, which come in groups of the same first column: `add` takes a row,
// `compare` the group. Rows that the rollups have beside those that were compared are differences too.
template <typename Add, typename Compare>
int64_t CountDifferences(Connection& connection, const char* log, const char* rows, Add add, Compare compare) {
  Compared sum;
  const auto compare_group = [&](int64_t group) {
    const Compared compared = compare(group);
    sum.rows += compared.rows;
    sum.differences += compared.differences;
  };
  std::optional<int64_t> group;
  Statement counts(connection, log);
  Rows logged = counts.Run();
  while (logged.Next()) {
    if (group && *group != logged.Int(0)) compare_group(*group);
    group = logged.Int(0);
    add(logged);
  }
  if (group) compare_group(*group);
  const int64_t more_rows = Statement(connection, rows).ReadInt() - sum.rows;
  return sum.differences + std::max<int64_t>(more_rows, 0);
}

// The lists of clients, and how many each page has.
int64_t CountClientDifferences(Connection& connection) {
  Statement list(connection, "page_clients_of_page(page_id) -> clients");
  Statement total(connection, kPageTotalFind);
  PackedCounts logged;
  const auto add = [&](const Rows& row) { logged.Add(row.Int(1), row.Int(2)); };
  return CountDifferences(connection, "check_clients() -> page_id, client_id, visits", "check_client_rows() -> rows",
                          add, [&](int64_t page) {
                            const PackedCounts expected = std::exchange(logged, {});
                            Compared compared;
                            PackedCounts listed;
                            Rows parts = list.Run(page);
                            for (; parts.Next(); ++compared.rows) {
                              PackedCounts::ForEach(
                                  parts.Bytes(0), [&](int64_t client, int64_t visits) { listed.Add(client, visits); });
                            }
                            Rows found = total.Run(page);
                            const bool is_there = found.Next();
                            if (is_there) ++compared.rows;
                            const auto count = static_cast<int64_t>(expected.entries().size());
                            if (!is_there || found.Int(1) != count || listed != expected) compared.differences = 1;
                            return compared;
                          });
}

// The pages' hours.
int64_t CountHourDifferences(Connection& connection) {
  Statement find(connection, kPageHourFind);
  std::map<int64_t, PackedCounts> logged;  // by page
  const auto add = [&](const Rows& row) { logged[row.Int(1)].Add(row.Int(2), row.Int(3)); };
  return CountDifferences(connection, "check_hours() -> hour, page_id, agent_id, visits", "check_hour_rows() -> rows",
                          add, [&](Hour hour) {
                            Compared compared;
                            for (const auto& [page, agents] : std::exchange(logged, {})) {
                              const int64_t visits = SumOf(agents);
                              Rows found = find.Run(hour, page);
                              const bool is_there = found.Next();
                              if (is_there) ++compared.rows;
                              if (!is_there || found.Int(0) != visits || PackedCounts::Unpack(found.Bytes(1)) != agents)
                                ++compared.differences;
                            }
                            return compared;
                          });
}

// The site's hours, by page.
int64_t CountSiteHourDifferences(Connection& connection) {
  Statement find(connection, kSiteHourFind);
  PackedCounts logged;
  const auto add = [&](const Rows& row) { logged.Add(row.Int(1), row.Int(2)); };
  return CountDifferences(
      connection, "check_site_hours() -> hour, page_id, visits", "check_site_hour_rows() -> rows", add, [&](Hour hour) {
        const PackedCounts pages = std::exchange(logged, {});
        const int64_t visits = SumOf(pages);
        Rows found = find.Run(hour);
        const bool is_there = found.Next();
        const bool same = is_there && found.Int(0) == visits && PackedCounts::Unpack(found.Bytes(1)) == pages;
        return Compared{is_there ? 1 : 0, same ? 0 : 1};
      });
}

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
  constexpr std::array<std::pair<const char*, const char*>, 4> kComparisons = {{
      {"check_texts() -> differences", "visits refer to a page, client or user agent that is not there"},
      {"check_watermarks() -> differences", "watermarks are out of order"},
      {"check_page_visits() -> differences", "pages have a total that differs from the log"},
      {"check_agents() -> differences", "user agents have a total that differs from the log"},
  }};
  Transaction snapshot(connection, Transaction::Kind::kRead);
  std::vector<std::string> problems = CheckFileIntegrity(connection);
  const auto note = [&problems](int64_t count, const char* what) {
    if (count > 0) problems.push_back(std::to_string(count) + " " + what);
  };
  for (const auto& [name, what] : kComparisons) note(Statement(connection, name).ReadInt(), what);
  note(CountClientDifferences(connection), "pages have clients that differ from the log");
  note(CountHourDifferences(connection), "hours of pages have counts that differ from the log");
  note(CountSiteHourDifferences(connection), "hours of the site have counts that differ from the log");
  return problems;
}

void EmptyRollups(Connection& connection) {
  connection.Execute(std::string(Sql("repair_rollups")).c_str());
  LogStateTable state(connection);
  state.SetProgress({});
  state.StartNextGeneration();
}

}  // namespace page_count
