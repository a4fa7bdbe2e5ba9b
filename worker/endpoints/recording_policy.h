// Which requests are no visit, which sites are not counted, and which page a visit counts for: what the operator has
// set, for every endpoint that records or looks a page up.
//
// Visits that are not counted are counted by their reason, so that an owner finds out why figures are low. Any thread;
// borrows nothing.
#ifndef PAGE_COUNT_ENDPOINTS_RECORDING_POLICY_H_
#define PAGE_COUNT_ENDPOINTS_RECORDING_POLICY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "worker/http/json.h"
#include "worker/http/request.h"
#include "worker/http/response.h"
#include "worker/system/shared_counters.h"
#include "worker/visits/cidr_list.h"
#include "worker/visits/page_rules.h"
#include "worker/visits/visit.h"

namespace page_count {

// Why a visit is not counted: the visitor does not want it, nobody wants it of that address, it is of another site.
enum class NotCounted : uint8_t { kOptedOut, kAddress, kOtherSite };
inline constexpr std::array<std::string_view, 3> kNotCountedNames = {"opted-out", "address", "other-site"};

class RecordingPolicy {
 public:
  struct Rules {
    PageRules pages = *PageRules::Make({});
    CidrList ignored_addresses = *CidrList::Parse("");
    bool honors_opt_out = false;  // Sec-GPC: 1 or DNT: 1
  };

  // Counts all visits, each for the page that it names.
  RecordingPolicy() = default;
  // `counters` may be null if the rules count all visits.
  RecordingPolicy(Rules rules, std::unique_ptr<SharedCounters> counters)
      : rules_(std::move(rules)), counters_(std::move(counters)) {}

  // Why no visit that the request tells of is one; nullopt if they are.
  std::optional<NotCounted> WhyIgnored(const Request& request) const;
  bool CountsSiteOf(const TrackedUrl& url) const { return rules_.pages.Counts(url); }
  // The page that visits to `url` count for.
  TrackedUrl PageOf(TrackedUrl url) const { return rules_.pages.Apply(std::move(url)); }

  void Note(NotCounted reason, size_t visits) const;

  // The answer if a request's one visit is not counted, which it notes; nullopt if it is.
  std::optional<Response> AnswerUncounted(const Request& request, const TrackedUrl& url) const;
  // The visit as it counts. What its URL says of the campaign must be read already.
  Visit OnItsPage(Visit visit) const;

  // How many visits were not counted, by reason; nullptr if the rules count all.
  const SharedCounters* not_counted() const { return counters_.get(); }

 private:
  Rules rules_ = {};
  std::unique_ptr<SharedCounters> counters_;
};

// {"detail": "This site is not counted here"}
Response SiteNotCounted();
// The members of an answer to a request that is no visit.
void WriteIgnored(JsonWriter& json, NotCounted reason);

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_RECORDING_POLICY_H_
