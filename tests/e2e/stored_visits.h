#ifndef PAGE_COUNT_TESTS_E2E_STORED_VISITS_H_
#define PAGE_COUNT_TESTS_E2E_STORED_VISITS_H_

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/load.h"

struct sqlite3;

namespace page_count::e2e {

// A database file as any SQLite tool sees it. It never checkpoints, so it may be open beside running workers. Errors
// throw std::runtime_error.
class DatabaseFile {
 public:
  explicit DatabaseFile(const std::string& path);

  void Execute(const std::string& sql);
  // The first column of the rows, one a line.
  std::string Read(const std::string& sql);

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

struct StoredVisit {
  std::string url;
  std::string ip;
};
// All visits of a database file, as page-count export reads them.
std::vector<StoredVisit> ExportVisits(const std::string& database);
// How often each page was visited.
std::map<std::string, int> VisitsByPage(const std::string& database);
// The same through GET /all-visits, which is asked again for so long while it gets 503.
std::map<std::string, int> AllVisitsByPage(int port, std::chrono::seconds patience = {});

// Each acknowledged page is there exactly once, and no page of the load twice.
void ExpectEachOnce(const std::map<std::string, int>& visits, const LoadReport& report);

}  // namespace page_count::e2e

#endif  // PAGE_COUNT_TESTS_E2E_STORED_VISITS_H_
