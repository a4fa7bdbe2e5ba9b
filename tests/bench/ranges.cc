// What a dashboard asks of a database of visits: a year of hourly totals, and the 100 top pages of any range. Prints
// each query's milliseconds, the median of five, with a connection that has just been opened as the first of them has.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "worker/store/sqlite/sqlite_visit_store.h"

namespace page_count {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kTopPages = 100;

UtcTime Now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

double Milliseconds(const std::string& database, const Question& question) {
  std::vector<double> times;
  for (int i = 0; i < 5; ++i) {
    SqliteVisitStore store({database, true, Now});
    const auto start = Clock::now();
    if (store.Ask({{question}, {}}).figures[0].rows.empty()) throw std::runtime_error("nothing was found");
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

void Measure(const std::string& database) {
  const UtcTime now = Now();
  const auto days = [](int count) { return std::chrono::days(count); };
  std::printf("hours_of_a_year %.2f\n", Milliseconds(database, {.range = {now - days(365), now},
                                                                .group_by = {Dimension::kInterval},
                                                                .order = Question::Order::kByKey}));
  const auto top = [&](const char* name, UtcTime from, UtcTime before) {
    std::printf("top_pages_of_%s %.2f\n", name,
                Milliseconds(database, {.range = {from, before}, .group_by = {Dimension::kPage}, .limit = kTopPages}));
  };
  top("a_year", now - days(365), now);
  top("two_weeks", now - days(21) - std::chrono::minutes(17), now - days(7) - std::chrono::minutes(11));
  top("a_day", now - days(3) - std::chrono::minutes(17), now - days(2) - std::chrono::minutes(11));
}

}  // namespace
}  // namespace page_count

int main(int argc, char** argv) {
  try {
    if (argc != 2) throw std::runtime_error("usage: page-count-ranges DATABASE");
    page_count::Measure(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "page-count-ranges: %s\n", error.what());
    return 1;
  }
  return 0;
}
