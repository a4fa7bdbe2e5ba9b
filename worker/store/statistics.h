// The figures that a VisitStore answers with. Values, ordered as the HTTP contract orders them.
//
// They own their text, but an AgentCountList borrows its names from the agent_names of the PageStats or Summary it came
// in: a copy of that keeps them, a Page or a list taken out of it does not.
#ifndef PAGE_COUNT_STORE_STATISTICS_H_
#define PAGE_COUNT_STORE_STATISTICS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "worker/visits/utc_time.h"
#include "worker/visits/visit.h"

namespace page_count {

// Visits by the start of their hour, ascending.
using HourCounts = std::vector<std::pair<UtcTime, int64_t>>;
// Visits by user agent: count descending, then name.
using AgentCountList = std::vector<std::pair<std::string_view, int64_t>>;
// Each once, however many pages it was seen on. By a number of the store's own.
using AgentNames = std::shared_ptr<const std::unordered_map<int64_t, std::string>>;

// Pages by visits descending, then URL.
using PageCounts = std::vector<std::pair<std::string, int64_t>>;

// The order of both: for std::sort.
template <typename Name>
bool ByCountThenName(const std::pair<Name, int64_t>& left, const std::pair<Name, int64_t>& right) {
  return left.second != right.second ? left.second > right.second : left.first < right.first;
}

struct PageStats {
  int64_t visits = 0;   // all kept
  int64_t clients = 0;  // distinct addresses among all kept
  HourCounts by_hour;   // in the window, as are the next two
  AgentCountList by_agent;
  std::vector<LoggedVisit> recent;  // the 20 newest
  AgentNames agent_names;
};

struct Summary {
  struct Page {
    std::string url;
    int64_t visits = 0;
    int64_t clients = 0;
    HourCounts by_hour;
    AgentCountList by_agent;
    std::vector<LoggedVisit> recent;  // of the 100 newest visits in the window those of this page, at most 10
  };
  std::vector<Page> pages;  // visits descending, then URL
  AgentNames agent_names;
  int64_t visits = 0;
  std::optional<std::pair<UtcTime, UtcTime>> oldest_and_newest;
};

struct SiteStats {
  int64_t visits = 0;
  int64_t clients = 0;
  PageCounts top_pages;
  std::vector<LoggedVisit> recent;  // the 10 newest
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_STATISTICS_H_
