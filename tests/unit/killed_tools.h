// A file with visits in every state, whose copies a test has processes work on that are killed.
#ifndef PAGE_COUNT_TESTS_UNIT_KILLED_TOOLS_H_
#define PAGE_COUNT_TESTS_UNIT_KILLED_TOOLS_H_

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string>
#include <vector>

#include "tests/conformance/naive_answers.h"
#include "tests/unit/cut_off.h"
#include "tests/unit/store_fixture.h"

namespace page_count {

class KilledToolsTest : public StoreTest {
 protected:
  // More texts than a transaction adds or deletes, in some blocks, whose clients are counted, and in the tail.
  void SetUp() override {
    auto store = OpenStore();
    for (int batch = 0; batch < kBatches; ++batch) {
      std::vector<Visit> visits;
      for (int i = 0; i < kBatchVisits; ++i) {
        const std::string number = std::to_string(batch) + "-" + std::to_string(i);
        const std::string address = "2001:db8::" + std::to_string(batch + 1) + ":" + std::to_string(i);
        visits.push_back(MakeVisit("http://h/" + number, address, "agent " + std::to_string(batch)));
        visits.back().source = "https://source" + number + ".example/";
      }
      Record(store, visits);
      now_ += std::chrono::minutes(10);
      while (batch < kBatches - 2 && store.Maintain(StoreAdmin::Load::kQuiet)) {
      }
    }
    recorded_ = LinesOf(ReadAll(store));
  }

  // From now on another file, as SetUp has left it.
  void UseCopy(int number) {
    const std::string copy = folder_.File("copy-" + std::to_string(number) + ".db");
    for (const char* ending : {"", "-wal"}) {
      if (std::filesystem::exists(original_ + ending)) std::filesystem::copy_file(original_ + ending, copy + ending);
    }
    database_ = copy;
  }

  static void ExpectWhole(SqliteVisitStore& store) {
    EXPECT_EQ(store.Check(), std::vector<std::string>());
    auto visits = ReadAll(store);
    std::reverse(visits.begin(), visits.end());
    const Inquiry inquiry{{{},
                           {.measure = Question::Measure::kVisitors},
                           {.group_by = {Dimension::kPage}, .measure = Question::Measure::kVisitors},
                           {.group_by = {Dimension::kAgent}}},
                          {}};
    EXPECT_EQ(Difference(LinesOf(store.Ask(inquiry)), LinesOf(AnswerNaively(visits, inquiry))), "");
  }
  static std::vector<std::string> Without(std::vector<std::string> lines, std::vector<std::string> others) {
    std::sort(lines.begin(), lines.end());
    std::sort(others.begin(), others.end());
    std::vector<std::string> rest;
    std::set_difference(lines.begin(), lines.end(), others.begin(), others.end(), std::back_inserter(rest));
    return rest;
  }
  static constexpr int kBatches = 8;
  static constexpr int kBatchVisits = 450;

  const std::string original_ = database_;
  std::vector<std::string> recorded_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_UNIT_KILLED_TOOLS_H_
