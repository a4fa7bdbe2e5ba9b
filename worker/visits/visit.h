// A visit before and after it is recorded.
//
// Plain values: they own their text, any thread.
#ifndef PAGE_COUNT_VISITS_VISIT_H_
#define PAGE_COUNT_VISITS_VISIT_H_

#include <cstdint>
#include <string>

#include "worker/visits/tracked_url.h"
#include "worker/visits/utc_time.h"

namespace page_count {

// What a request says: somebody is looking at a page.
struct Visit {
  TrackedUrl url;
  std::string ip;
  std::string user_agent;          // UTF-8, at most 512 bytes, never empty
  bool wants_page_visits = false;  // whether the Receipt must tell them
  std::string source = {};         // where the visitor came from; empty if it is not known
};

// What recording a visit returns.
struct Receipt {
  UtcTime at;
  int64_t page_visits;  // of that page, this visit included; only if a visit of the batch asked for it
};

// A visit as it is stored in the log.
struct LoggedVisit {
  std::string url;
  std::string ip;
  std::string user_agent;
  UtcTime at;
  std::string source = {};
};

// Which of two visits with the same time came first, if only their places in a list can tell.
enum class VisitOrder { kOldestFirst, kNewestFirst };

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_VISIT_H_
