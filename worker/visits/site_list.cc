#include "worker/visits/site_list.h"

#include <algorithm>
#include <optional>

#include "worker/visits/source.h"

namespace page_count {
namespace {

std::string_view HostOfPage(const TrackedUrl& page) {
  std::string_view host = HostOf(page.text());
  if (host.ends_with('.')) host.remove_suffix(1);
  return host;
}

// As TrackedUrl spells it; nullopt if it is no host.
std::optional<std::string> CanonicalSite(std::string_view site) {
  if (site.find_first_of("/?#@*%") != site.npos) return std::nullopt;
  const auto url = TrackedUrl::Parse(std::string("http://").append(site).append("/"));
  if (!url) return std::nullopt;
  return std::string(HostOfPage(*url));
}

}  // namespace

Result<SiteList, SiteListError> SiteList::Make(const std::vector<std::string>& sites) {
  SiteList made;
  for (const std::string& site : sites) {
    const bool is_wildcard = site.starts_with("*.");
    const auto host = CanonicalSite(is_wildcard ? site.substr(2) : site);
    if (!host) {
      return SiteListError{"\"" + site +
                           "\" is no site; write a host like example.com, or *.example.com for all below it"};
    }
    if (is_wildcard) {
      made.suffixes_.push_back('.' + *host);
    } else {
      made.hosts_.push_back(*host);
    }
  }
  std::sort(made.hosts_.begin(), made.hosts_.end());
  return made;
}

bool SiteList::Has(const TrackedUrl& page) const {
  if (hosts_.empty() && suffixes_.empty()) return true;
  const std::string_view host = HostOfPage(page);
  const auto lies_below = [&](const std::string& suffix) { return host.ends_with(suffix); };
  return std::binary_search(hosts_.begin(), hosts_.end(), host) ||
         std::any_of(suffixes_.begin(), suffixes_.end(), lies_below);
}

}  // namespace page_count
