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
  std::string title = {};          // the page's, as CleanPageTitle leaves it; empty if it is not known
  std::string request_id = {};     // see request_id.h; empty if the client gave none
  bool only_if_recorded = false;   // is not to be recorded: whether its request_id was, is all that is asked
  std::string whole_ip = {};       // what `ip` was before it was cut or hashed: for the rate limit, never stored
};

// What recording a visit returns.
struct Receipt {
  enum class Outcome : uint8_t {
    kRecorded,
    kDuplicate,  // a visit with its request_id was recorded before, at `at`: nothing was done
    kRefused,    // it was to be looked for only, and is not there
  };

  UtcTime at;
  int64_t page_visits;  // of that page, this visit included; only if a visit of the batch asked for it
  Outcome outcome = Outcome::kRecorded;
};

// A visit that was counted while its client could reach nobody.
struct PastVisit {
  Visit visit;
  UtcTime at;
};

// A visit as it is stored in the log.
struct LoggedVisit {
  std::string url;
  std::string ip;
  std::string user_agent;
  UtcTime at;
  std::string source = {};
  int64_t id = 0;                            // the store's number of it: unique, later visits have greater ones
  std::vector<std::string> attributes = {};  // those that a scan was asked for, in that order
  std::string title = {};                    // the page's today, if a scan was asked for it
};

// Which of two visits with the same time came first, if only their places in a list can tell.
enum class VisitOrder { kOldestFirst, kNewestFirst };

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_VISIT_H_
