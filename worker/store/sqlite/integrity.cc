#include "worker/store/sqlite/integrity.h"

#include <sqlite3.h>

#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "worker/store/sqlite/log_state.h"
#include "worker/store/sqlite/packed_counts.h"
#include "worker/store/sqlite/statement.h"
#include "worker/store/sqlite/visit_id.h"

namespace page_count {
namespace {

void CheckFile(Connection& connection, std::vector<std::string>& problems) {
  const auto take = [](void* into, int, char** values, char**) {
    if (std::string_view(values[0]) != "ok") static_cast<std::vector<std::string>*>(into)->emplace_back(values[0]);
    return 0;
  };
  if (sqlite3_exec(connection.handle(), "pragma integrity_check", take, &problems, nullptr) != SQLITE_OK) {
    connection.Throw("check the file");
  }
}

// Compares the rollups' hours with the log's, one hour at a time.
class HourComparison {
 public:
  explicit HourComparison(Connection& connection)
      : log_(connection, "check_hours"), rows_(connection, "check_hour_rows"), find_(connection, "page_hour_find") {}

  int64_t CountDifferences() {
    Rows log = log_.Run();
    while (log.Next()) {
      if (log.Int(0) != hour_) CompareHour();
      hour_ = log.Int(0);
      pages_[log.Int(1)].Add(log.Int(2), log.Int(3));
    }
    CompareHour();
    const int64_t more_rows = rows_.ReadInt() - compared_;
    return differences_ + (more_rows > 0 ? more_rows : 0);
  }

 private:
  void CompareHour() {
    for (const auto& [page, agents] : pages_) {
      int64_t visits = 0;
      for (const auto& entry : agents.entries()) visits += entry.visits;
      Rows found = find_.Run(hour_, page);
      const bool is_there = found.Next();
      if (is_there) ++compared_;
      if (!is_there || found.Int(0) != visits || PackedCounts::Unpack(found.Bytes(1)) != agents) ++differences_;
    }
    pages_.clear();
  }

  Statement log_;
  Statement rows_;
  Statement find_;
  Hour hour_ = -1;
  std::map<int64_t, PackedCounts> pages_;
  int64_t compared_ = 0;
  int64_t differences_ = 0;
};

// The same for the site's hours, by page.
class SiteHourComparison {
 public:
  explicit SiteHourComparison(Connection& connection)
      : log_(connection, "check_site_hours"),
        rows_(connection, "check_site_hour_rows"),
        find_(connection, "site_hour_find") {}

  int64_t CountDifferences() {
    Rows log = log_.Run();
    while (log.Next()) {
      if (log.Int(0) != hour_) CompareHour();
      hour_ = log.Int(0);
      pages_.Add(log.Int(1), log.Int(2));
      visits_ += log.Int(2);
    }
    CompareHour();
    const int64_t more_rows = rows_.ReadInt() - compared_;
    return differences_ + (more_rows > 0 ? more_rows : 0);
  }

 private:
  void CompareHour() {
    if (visits_ == 0) return;
    Rows found = find_.Run(hour_);
    const bool is_there = found.Next();
    if (is_there) ++compared_;
    if (!is_there || found.Int(0) != visits_ || PackedCounts::Unpack(found.Bytes(1)) != pages_) ++differences_;
    pages_ = {};
    visits_ = 0;
  }

  Statement log_;
  Statement rows_;
  Statement find_;
  Hour hour_ = -1;
  PackedCounts pages_;
  int64_t visits_ = 0;
  int64_t compared_ = 0;
  int64_t differences_ = 0;
};

}  // namespace

std::vector<std::string> CheckIntegrity(Connection& connection) {
  constexpr std::array<std::pair<const char*, const char*>, 7> kComparisons = {{
      {"check_texts", "visits refer to a page, client or user agent that is not there"},
      {"check_tail", "visits are in the tail but should be filed, or the other way round"},
      {"check_page_visits", "pages have a total that differs from the log"},
      {"check_page_clients", "pages have a number of clients that differs from their list"},
      {"check_clients_listed", "clients of pages have counts that differ from the log"},
      {"check_site_clients", "clients of the site have counts that differ from the log"},
      {"check_agents", "user agents have a total that differs from the log"},
  }};
  std::vector<std::string> problems;
  Transaction snapshot(connection, Transaction::Kind::kRead);
  CheckFile(connection, problems);
  for (const auto& [name, what] : kComparisons) {
    const int64_t count = Statement(connection, name).ReadInt();
    if (count > 0) problems.push_back(std::to_string(count) + " " + what);
  }
  const int64_t hours = HourComparison(connection).CountDifferences();
  if (hours > 0) problems.push_back(std::to_string(hours) + " hours of pages have counts that differ from the log");
  const int64_t site_hours = SiteHourComparison(connection).CountDifferences();
  if (site_hours > 0) {
    problems.push_back(std::to_string(site_hours) + " hours of the site have counts that differ from the log");
  }
  return problems;
}

void EmptyRollups(Connection& connection) {
  for (const char* table : {"page_client", "page_hour", "site_hour", "agent_total", "page_total"}) {
    connection.Execute((std::string("delete from ") + table).c_str());
  }
  Statement(connection, "repair_page_totals").Execute();
  LogStateTable state(connection);
  state.SetProgress({});
  state.StartNextEpoch();
}

}  // namespace page_count
