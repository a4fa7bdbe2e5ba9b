// Where a visit came from: the page that linked here, and the campaign that the link was made for, as one text.
//
// The text is the referrer in canonical form without query and fragment, then for a campaign a blank and its parameters
// as a query string: "https://news.example/ medium=email&campaign=spring". It is empty if neither is known. Two of the
// same parts are the same text. Pure, any thread; reads strangers' bytes, which are never an error: a referrer that is
// no address is none.
#ifndef PAGE_COUNT_VISITS_SOURCE_H_
#define PAGE_COUNT_VISITS_SOURCE_H_

#include <string>
#include <string_view>

#include "worker/visits/tracked_url.h"

namespace page_count {

// What the parameters of a link say: utm_source and so on, in place of the first also ref or source.
struct Campaign {
  std::string source;
  std::string medium;
  std::string campaign;
  std::string content;
  std::string term;

  friend bool operator==(const Campaign&, const Campaign&) = default;
};

// Of the page that was asked for.
Campaign CampaignOf(const TrackedUrl& page);

// A referrer on the page's own host is none.
std::string SourceText(std::string_view referrer, const TrackedUrl& page);

// Whether SourceText makes such a text, of whatever page.
bool IsSourceText(std::string_view text);

struct Source {
  std::string referrer;
  Campaign campaign;
};
// The parts of such a text.
Source ParseSource(std::string_view text);

// "example.com" of "https://example.com:8443/a", of an app's address its name; empty if there is none.
std::string_view HostOf(std::string_view url);

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_SOURCE_H_
