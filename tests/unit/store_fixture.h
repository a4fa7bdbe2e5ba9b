// A SqliteVisitStore on a file of its own, with a clock that the test sets.
#ifndef PAGE_COUNT_TESTS_UNIT_STORE_FIXTURE_H_
#define PAGE_COUNT_TESTS_UNIT_STORE_FIXTURE_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/conformance/visit_list.h"
#include "tests/unit/temporary_folder.h"
#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/sqlite_visit_store.h"

namespace page_count {

class StoreTest : public testing::Test {
 protected:
  static UtcTime At(const char* text) { return *ParseUtcTime(text); }
  static Visit MakeVisit(const std::string& url, const std::string& ip = "192.0.2.1",
                         const std::string& agent = "Firefox") {
    return {*TrackedUrl::Parse(url), ip, agent, true};
  }

  SqliteVisitStore OpenStore() {
    return SqliteVisitStore({.path = database_, .now = [this] { return now_; }, .sealing = sealing_});
  }
  static std::vector<Receipt> Record(VisitWriter& store, const std::vector<Visit>& visits) {
    std::vector<const Visit*> batch;
    for (const Visit& visit : visits) batch.push_back(&visit);
    auto receipts = store.Commit(batch);
    store.MakeDurable();
    return receipts;
  }
  static void Import(StoreAdmin& store, std::vector<LoggedVisit> visits) {
    store.Import([&visits] { return BatchOf({std::exchange(visits, {})}); });
  }
  static std::vector<LoggedVisit> ReadAll(VisitReader& store) {
    std::vector<LoggedVisit> all;
    store.Scan({}, [&all](std::span<const LoggedVisit> visits) {
      all.insert(all.end(), visits.begin(), visits.end());
      return true;
    });
    return all;
  }

  static int64_t VisitsOf(VisitReader& store) { return store.Ask({{{}}, {}}).figures[0].count(); }
  static int64_t VisitorsOf(VisitReader& store, const std::string& page = "") {
    Question question{.measure = Question::Measure::kVisitors};
    if (!page.empty()) question.filters[0] = {page};
    return store.Ask({{question}, {}}).figures[0].count();
  }

  TemporaryFolder folder_;
  std::string database_ = folder_.File("visits.db");
  Sealing sealing_{.block_visits = 512, .worth_sealing = 1};  // small blocks, and nothing is left in the tail
  UtcTime now_ = At("2026-03-01 12:00:00.500");
};

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_UNIT_STORE_FIXTURE_H_
