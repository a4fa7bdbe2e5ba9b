#include "worker/visits/parameter_names.h"

#include <algorithm>
#include <utility>

#include "worker/base/ascii.h"
#include "worker/visits/percent_decode.h"

namespace page_count {

Result<ParameterNames, ParameterNamesError> ParameterNames::Make(const std::vector<std::string>& names) {
  ParameterNames made;
  for (const std::string& name : names) {
    if (name.empty()) return ParameterNamesError{"a parameter's name is empty; leave it out"};
    const size_t star = name.find('*');
    if (star != name.npos && star + 1 != name.size()) {
      return ParameterNamesError{"\"" + name + "\" has a star before its end; write it like utm_*"};
    }
    if (name.find_first_of("&=?#") != name.npos) {
      return ParameterNamesError{"\"" + name + "\" is no parameter's name; write it without & = ? #, like fbclid"};
    }
    (star == name.npos ? made.names_ : made.prefixes_).push_back(ToLower(name.substr(0, star)));
  }
  std::sort(made.names_.begin(), made.names_.end());
  return made;
}

bool ParameterNames::Has(std::string_view name) const {
  const std::string lowered = ToLower(PercentDecode(name));
  return std::binary_search(names_.begin(), names_.end(), lowered) ||
         std::any_of(prefixes_.begin(), prefixes_.end(),
                     [&](const std::string& prefix) { return lowered.starts_with(prefix); });
}

// What stands between two '&' is a parameter, unless it is empty.
std::optional<std::string> ParameterNames::Without(std::string_view query) const {
  std::string kept;
  bool is_first = true;
  bool has_kept = false;
  bool has_dropped = false;
  for (size_t start = 0; start <= query.size();) {
    const size_t end = std::min(query.find('&', start), query.size());
    const std::string_view parameter = query.substr(start, end - start);
    start = end + 1;
    if (!parameter.empty() && Has(parameter.substr(0, parameter.find('=')))) {
      has_dropped = true;
      continue;
    }
    if (!std::exchange(is_first, false)) kept += '&';
    kept += parameter;
    has_kept = has_kept || !parameter.empty();
  }
  if (has_dropped && !has_kept) return std::nullopt;
  return kept;
}

std::vector<std::string> CampaignParameterNames() {
  return {"utm_*", "mtm_*", "pk_campaign", "pk_kwd", "pk_keyword", "pk_source", "pk_medium", "pk_content", "pk_cid",
          // Google and its linker
          "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "srsltid", "_ga", "_gl",
          // Meta, Microsoft, Yandex, X, TikTok, LinkedIn, Pinterest, Snapchat, Reddit
          "fbclid", "igsh", "igshid", "msclkid", "yclid", "ymclid", "_openstat", "twclid", "ttclid", "li_fat_id",
          "epik", "sccid", "rdt_cid",
          // Mailchimp, HubSpot, Marketo, Klaviyo, Omeda, Vero, MailerLite, Drip
          "mc_cid", "mc_eid", "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp", "hsctatracking", "mkt_tok", "_kx",
          "oly_anon_id", "oly_enc_id", "vero_id", "vero_conv", "ml_subscriber", "ml_subscriber_hash", "__s"};
}

}  // namespace page_count
