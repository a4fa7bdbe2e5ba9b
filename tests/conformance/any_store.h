// The fixture of the suite: an empty storage of one engine, and a clock that the test sets.
//
// A new engine takes part by one more line in Engines().
#ifndef PAGE_COUNT_TESTS_CONFORMANCE_ANY_STORE_H_
#define PAGE_COUNT_TESTS_CONFORMANCE_ANY_STORE_H_

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "tests/conformance/simple_attributes.h"
#include "tests/conformance/visit_list.h"
#include "tests/unit/temporary_folder.h"
#include "worker/store/visit_store.h"

namespace page_count {

struct Engine {
  std::string name;
  // What opens stores on one and the same storage, which is empty and may use files in the folder.
  std::function<OpenStore(const TemporaryFolder& folder, std::function<UtcTime()> now,
                          std::shared_ptr<AttributeSource> attributes)>
      make_storage;
};
inline void PrintTo(const Engine& engine, std::ostream* out) { *out << engine.name; }
std::vector<Engine> Engines();
std::string NameOf(const testing::TestParamInfo<Engine>& info);

class AnyStore : public testing::TestWithParam<Engine> {
 protected:
  static UtcTime At(const char* text) { return *ParseUtcTime(text); }
  static Visit VisitTo(const std::string& url, const std::string& ip = "192.0.2.1",
                       const std::string& agent = "Firefox") {
    return {*TrackedUrl::Parse(url), ip, agent, true};
  }

  UtcTime now() const { return UtcTime(std::chrono::milliseconds(now_ms_)); }
  void SetClock(UtcTime time) { now_ms_ = time.time_since_epoch().count(); }
  void Pass(std::chrono::milliseconds time) { now_ms_ += time.count(); }

  static std::vector<Receipt> Record(VisitWriter& store, const std::vector<Visit>& visits);
  // In one piece.
  static void Import(StoreAdmin& store, VisitList list);
  static std::vector<LoggedVisit> ReadAll(VisitReader& store, const ScanRange& range = {});
  static void MaintainAll(StoreAdmin& store);
  // The rows of one question's figures, as text.
  static std::vector<std::string> Ask(VisitReader& store, const Question& question);
  static int64_t Count(VisitReader& store, const Question& question);

 private:
  TemporaryFolder folder_;
  std::atomic<int64_t> now_ms_ = At("2026-03-01 12:00:00.500").time_since_epoch().count();

 protected:
  std::shared_ptr<SimpleAttributes> attributes_ = std::make_shared<SimpleAttributes>();
  OpenStore open_ = GetParam().make_storage(folder_, [this] { return now(); }, attributes_);
  std::unique_ptr<VisitStore> store_ = open_();
};

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_CONFORMANCE_ANY_STORE_H_
