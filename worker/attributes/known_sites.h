// Sites that many visits come from, under the one name that people know them by, whatever host or app they use.
//
// The list is in known_sites.cc; add to it what is missing. Pure, any thread.
#ifndef PAGE_COUNT_ATTRIBUTES_KNOWN_SITES_H_
#define PAGE_COUNT_ATTRIBUTES_KNOWN_SITES_H_

#include <string_view>

namespace page_count {

struct KnownSite {
  std::string_view name;    // "Google"
  std::string_view medium;  // "search", "social", "mail"
};

// Of a host in lower case, or an app's name; nullptr if it is none. A host below a listed one is that site too, and
// "google.*" in the list is any of its national hosts.
const KnownSite* FindKnownSite(std::string_view host);
// By what a campaign calls it: "google", "facebook", ignoring case.
const KnownSite* FindKnownSiteByName(std::string_view name);

// Another one once the list is another.
inline constexpr std::string_view kKnownSitesVersion = "1";

}  // namespace page_count

#endif  // PAGE_COUNT_ATTRIBUTES_KNOWN_SITES_H_
