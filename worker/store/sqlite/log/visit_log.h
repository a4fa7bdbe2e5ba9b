// The tail of the log, the dictionaries that visits refer to, and each page's total.
//
// A visit's texts get their ids in three steps: FindTexts looks them up, AddTexts adds those that are new, sorted and
// so many at a time as suit a short transaction, and AssignIds completes the rows. Its caches of texts are valid
// inside a write transaction that begins with InvalidateIfNewer, and under the maintenance lock. One a connection.
#ifndef PAGE_COUNT_STORE_SQLITE_LOG_VISIT_LOG_H_
#define PAGE_COUNT_STORE_SQLITE_LOG_VISIT_LOG_H_

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "worker/store/sqlite/log/dictionary.h"
#include "worker/store/sqlite/log/log_state.h"
#include "worker/store/sqlite/log/visit_id.h"
#include "worker/visits/visit.h"

namespace page_count {

inline constexpr char kVisitRange[] = "visit_range(from_id, before_id, limit) -> id, page_id, agent_id, source_id, ip";
inline constexpr char kVisitBounds[] = "visit_bounds() -> oldest_id, newest_id";
inline constexpr char kVisitCount[] = "visit_count(after_id, last_id) -> visits";

// A part of the tail, in the order of time. The rows have no client yet; the addresses are theirs, packed.
struct TailRows {
  std::vector<VisitRow> rows;
  std::vector<std::string> addresses;
};
// `limit` rows at the most; below 0 all.
TailRows ReadTail(Statement& visit_range, VisitId from, VisitId before, int64_t limit);

// What a visit refers to by id. The text is somebody else's.
struct VisitTexts {
  VisitId id;
  std::string_view url;
  std::string_view ip;
  std::string_view user_agent;
  std::string_view source = {};
};

// The texts that were not in the caches, and in which rows they are. Those that are new have no id before AddTexts.
struct PendingIds {
  struct Reference {
    std::string_view text;
    size_t row;
  };
  struct Column {
    std::vector<Reference> references;  // sorted by text
    std::vector<std::string_view> texts;
    std::vector<int64_t> ids;
    std::vector<size_t> missing;  // of the texts, those that are still to be added, the last one first
  };
  std::array<Column, kColumns> columns;
  TextIds last_ids = {};  // as of when these were looked up

  bool HasMissing() const {
    return std::any_of(columns.begin(), columns.end(), [](const Column& column) { return !column.missing.empty(); });
  }
};

class VisitLog {
 public:
  // `clients_remembered` is how many clients its cache has room for, 16 bytes each, once one was looked up.
  explicit VisitLog(Connection& connection, size_t clients_remembered = 131'072);

  // Clears the caches if they are of another generation. Call it first in a transaction.
  void InvalidateIfNewer(int64_t generation);
  // Keeps the caches although the generation has changed: the caller knows that no text was deleted.
  void AdoptGeneration(int64_t generation) { generation_ = generation; }
  // Rows with the ids of those texts that are in the caches, but for the clients'; the others it looks up and returns.
  PendingIds FindTexts(std::span<const VisitTexts> visits, std::vector<VisitRow>& rows);
  // The same for one column of rows that are there already, each of which has the text of its place.
  void Find(Dimension column, std::span<const std::string_view> texts, std::span<VisitRow> rows, PendingIds& pending);
  // And for their clients, which have these packed addresses.
  void FindClients(std::span<const std::string> addresses, std::span<VisitRow> rows, PendingIds& pending);
  // These inside a write transaction. Adds so many of the new texts as suit a short one; those that somebody else
  // added meanwhile it looks up. Call it until there is none.
  void AddTexts(PendingIds& texts);
  static void AssignIds(const PendingIds& texts, std::span<VisitRow> rows);
  // Visits after all others, with ids that follow each other without a gap: SQLite gives all but the first.
  void Append(std::span<const VisitRow> visits, std::span<const VisitTexts> texts);

 private:
  static void Lookup(Dictionary& dictionary, PendingIds::Column& column);
  static void RecheckMissing(Dictionary& dictionary, PendingIds::Column& column);
  static void AddSome(Dictionary& dictionary, PendingIds::Column& column, size_t& limit, int64_t& last_id);

  Connection& connection_;
  LogStateTable state_;
  std::array<Dictionary, kColumns> dictionaries_;
  Statement add_visits_;
  int64_t generation_ = -1;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_LOG_VISIT_LOG_H_
