#include "tests/e2e/stored_visits.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

#include "tests/e2e/http_client.h"
#include "tests/e2e/json.h"
#include "tests/e2e/wait.h"

namespace page_count::e2e {
namespace {

int AppendRow(void* text, int, char** values, char**) {
  *static_cast<std::string*>(text) += std::string(values[0] == nullptr ? "" : values[0]) + "\n";
  return 0;
}

}  // namespace

void DatabaseFile::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

DatabaseFile::DatabaseFile(const std::string& path) {
  sqlite3* handle = nullptr;
  const int status = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  handle_.reset(handle);
  if (status != SQLITE_OK) throw std::runtime_error(path + ": " + sqlite3_errmsg(handle));
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_busy_timeout(handle, 5000);
  Execute("pragma wal_autocheckpoint=0");
}

void DatabaseFile::Execute(const std::string& sql) { Read(sql); }

std::string DatabaseFile::Read(const std::string& sql) {
  std::string text;
  if (sqlite3_exec(handle_.get(), sql.c_str(), AppendRow, &text, nullptr) != SQLITE_OK) {
    throw std::runtime_error(sql + ": " + sqlite3_errmsg(handle_.get()));
  }
  if (!text.empty()) text.pop_back();
  return text;
}

std::vector<StoredVisit> ExportVisits(const std::string& database) {
  const std::string command =
      std::string(std::getenv("BUILD_DIR")) + "/worker/page-count export --database '" + database + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> output(popen(command.c_str(), "r"), pclose);
  std::string text;
  std::array<char, 65'536> chunk{};
  while (const size_t bytes = fread(chunk.data(), 1, chunk.size(), output.get())) text.append(chunk.data(), bytes);
  std::vector<StoredVisit> visits;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const Json visit = Json::Parse(line);
    visits.push_back({visit["url"].str(), visit["ip"].str()});
  }
  return visits;
}

std::map<std::string, int> VisitsByPage(const std::string& database) {
  std::map<std::string, int> pages;
  for (const StoredVisit& visit : ExportVisits(database)) ++pages[visit.url];
  return pages;
}

std::map<std::string, int> AllVisitsByPage(int port, std::chrono::seconds patience) {
  HttpClient client(port, Protocol::kHttp, "127.0.0.1");
  HttpResponse response;
  WaitFor(patience, [&] {
    response = client.Send({.method = "GET", .target = "/all-visits?format=csv", .headers = {}, .body = {}});
    return response.status != 503;
  });
  EXPECT_EQ(response.status, 200) << response.body;
  std::map<std::string, int> visits;
  std::istringstream lines(response.body);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) ++visits[line.substr(0, line.find(','))];
  return visits;
}

void ExpectEachOnce(const std::map<std::string, int>& visits, const LoadReport& report) {
  size_t missing = 0;
  std::string first;
  for (const std::string& page : report.acknowledged) {
    if (visits.contains(page)) continue;
    if (missing++ == 0) first = page;
  }
  EXPECT_EQ(missing, 0U) << "acknowledged and lost, of " << report.acknowledged.size() << ": " << first << ", …";
  for (const auto& [page, count] : visits) {
    EXPECT_TRUE(count == 1 || !page.starts_with("https://load")) << page << " was recorded " << count << " times";
  }
}

}  // namespace page_count::e2e
