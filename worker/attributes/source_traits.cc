#include "worker/attributes/source_traits.h"

#include "worker/attributes/known_sites.h"
#include "worker/base/ascii.h"
#include "worker/visits/source.h"

namespace page_count {
namespace {

// Of utm_medium; empty if it says nothing that is known.
std::string_view MediumNamed(std::string_view text) {
  for (const std::string_view mail : {"email", "e-mail", "mail", "newsletter"}) {
    if (EqualsIgnoringCase(text, mail)) return "mail";
  }
  for (const std::string_view social : {"social", "social-media", "social_media", "sm"}) {
    if (EqualsIgnoringCase(text, social)) return "social";
  }
  if (EqualsIgnoringCase(text, "organic")) return "search";
  if (EqualsIgnoringCase(text, "referral")) return "link";
  return {};
}

}  // namespace

SourceTraits SourceTraitsOf(std::string_view text) {
  if (text.empty()) return {{}, "direct", {}};
  const auto [referrer, campaign] = ParseSource(text);
  std::string_view host = HostOf(referrer);
  const KnownSite* site = campaign.source.empty() ? nullptr : FindKnownSiteByName(campaign.source);
  if (site == nullptr && campaign.source.empty()) site = FindKnownSite(host);
  if (host.starts_with("www.")) host.remove_prefix(4);
  SourceTraits traits{campaign.source.empty() ? std::string(host) : campaign.source, {}, campaign.campaign};
  if (site != nullptr) traits.site = site->name;
  if (const auto medium = MediumNamed(campaign.medium); !medium.empty()) {
    traits.medium = medium;
  } else if (!campaign.medium.empty() || !campaign.campaign.empty()) {
    traits.medium = "campaign";
  } else if (site != nullptr) {
    traits.medium = site->medium;
  } else {
    traits.medium = campaign.source.empty() ? "link" : "campaign";
  }
  return traits;
}

}  // namespace page_count
