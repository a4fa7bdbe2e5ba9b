// Answers while other threads record, and maintain: each is of one moment, and of no earlier one than was promised.
#include <atomic>
#include <numeric>
#include <thread>

#include "tests/conformance/any_store.h"
#include "tests/conformance/naive_answers.h"

namespace page_count {
namespace {

using enum Dimension;
using ConcurrencyTest = AnyStore;

INSTANTIATE_TEST_SUITE_P(Engines, ConcurrencyTest, testing::ValuesIn(Engines()), NameOf);

constexpr int kWriters = 2;
constexpr int kBatches = 50;  // a writer's
constexpr int kVisits = 30;   // a batch's

int64_t SumOf(const Figures& figures) {
  return std::accumulate(figures.rows.begin(), figures.rows.end(), int64_t{0},
                         [](int64_t sum, const Figures::Row& row) { return sum + row.count; });
}

std::vector<Visit> MakeBatch(int writer, int batch) {
  std::vector<Visit> visits;
  for (int i = 0; i < kVisits; ++i) {
    const int number = batch * kVisits + i;
    const std::string ip =
        number % 3 == 0 ? "2001:db8::" + std::to_string(number % 200) : "192.0.2." + std::to_string(number % 200);
    visits.push_back(
        {*TrackedUrl::Parse("http://h/" + std::to_string(number % 17)), ip, "agent " + std::to_string(writer), false});
  }
  return visits;
}

TEST_P(ConcurrencyTest, EveryAnswerIsOfOneMoment) {
  std::atomic<int64_t> begun = 0;
  std::atomic<int64_t> committed = 0;
  std::atomic<int> writing = kWriters;
  std::vector<std::jthread> threads;  // which are joined whatever fails
  for (int writer = 0; writer < kWriters; ++writer) {
    threads.emplace_back([&, writer, store = open_()] {
      for (int batch = 0; batch < kBatches; ++batch) {
        begun += kVisits;
        Record(*store, MakeBatch(writer, batch));
        committed += kVisits;
      }
      --writing;
    });
  }
  threads.emplace_back([&, store = open_()] {
    while (writing > 0) MaintainAll(*store);
  });
  const auto from = now() - std::chrono::hours(1);
  const Inquiry inquiry{{{},
                         {.group_by = {kPage}},
                         {.range = {.from = from}, .group_by = {kPage, kInterval}},
                         {.range = {.from = from}, .group_by = {kPage, kAgent}},
                         {.group_by = {kAgent}},
                         {.measure = Question::Measure::kVisitors},
                         {.group_by = {kClient}}},
                        {}};
  do {
    const int64_t at_least = committed;
    const auto figures = store_->Ask(inquiry).figures;
    const int64_t visits = figures[0].count();
    EXPECT_GE(visits, at_least);
    EXPECT_LE(visits, begun);
    for (const size_t grouped : {1U, 2U, 3U, 4U, 6U}) EXPECT_EQ(SumOf(figures[grouped]), visits) << grouped;
    EXPECT_EQ(figures[5].count(), static_cast<int64_t>(figures[6].rows.size()));
    Pass(std::chrono::minutes(1));
  } while (writing > 0 && !HasFailure());
  threads.clear();
  EXPECT_EQ(store_->Count(), kWriters * kBatches * kVisits);
  EXPECT_EQ(store_->Check(), std::vector<std::string>());
}

}  // namespace
}  // namespace page_count
