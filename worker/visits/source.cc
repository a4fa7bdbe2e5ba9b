#include "worker/visits/source.h"

#include <algorithm>
#include <array>
#include <utility>

#include "worker/base/ascii.h"
#include "worker/visits/percent_decode.h"
#include "worker/visits/url_parameters.h"
#include "worker/visits/utf8_text.h"

namespace page_count {
namespace {

constexpr size_t kMostReferrerBytes = 1'024;  // of a longer one only the site is kept
constexpr size_t kMostParameterBytes = 100;
constexpr std::string_view kAppScheme = "android-app://";

using Member = std::string Campaign::*;
// As they stand in a source's text.
constexpr std::array<std::pair<std::string_view, Member>, 5> kMembers = {{{"source", &Campaign::source},
                                                                          {"medium", &Campaign::medium},
                                                                          {"campaign", &Campaign::campaign},
                                                                          {"content", &Campaign::content},
                                                                          {"term", &Campaign::term}}};

std::string Encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (c != ' ' && c != '%' && c != '&' && c != '+' && c != '=') {
      encoded += c;
      continue;
    }
    encoded += '%';
    encoded += kDigits[static_cast<unsigned char>(c) / 16];
    encoded += kDigits[static_cast<unsigned char>(c) % 16];
  }
  return encoded;
}

std::string_view WithoutWww(std::string_view host) { return host.starts_with("www.") ? host.substr(4) : host; }

// "android-app://com.example.app" of an app's address; empty if it is none.
std::string AppOf(std::string_view referrer) {
  if (!StartsWithIgnoringCase(referrer, kAppScheme)) return {};
  const std::string_view rest = referrer.substr(kAppScheme.size());
  const std::string_view name = rest.substr(0, rest.find_first_of("/?#"));
  const bool is_name = !name.empty() && name.size() <= 200 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
  });
  return is_name ? std::string(kAppScheme).append(name) : std::string();
}

std::string ReferrerText(const TrackedUrl& url) {
  std::string referrer = url.text().substr(0, url.text().find('?'));
  if (referrer.size() > kMostReferrerBytes) referrer.resize(referrer.find('/', referrer.find("//") + 2) + 1);
  return referrer;
}

std::string ReferrerOf(std::string_view text, const TrackedUrl& page) {
  if (auto app = AppOf(text); !app.empty()) return app;
  const auto url = TrackedUrl::Parse(text);
  if (!url || WithoutWww(HostOf(url->text())) == WithoutWww(HostOf(page.text()))) return {};
  return ReferrerText(*url);
}

bool IsReferrerText(std::string_view text) {
  if (text.empty() || AppOf(text) == text) return true;
  const auto url = TrackedUrl::Parse(text);
  return url && ReferrerText(*url) == text;
}

void AppendCampaign(const Campaign& campaign, std::string& text) {
  char separator = ' ';
  for (const auto& [name, member] : kMembers) {
    if ((campaign.*member).empty()) continue;
    text.append(1, separator).append(name).append("=").append(Encode(campaign.*member));
    separator = '&';
  }
}

}  // namespace

std::string_view HostOf(std::string_view url) {
  const size_t slashes = url.find("//");
  if (slashes == url.npos) return {};
  std::string_view host = url.substr(slashes + 2);
  host = host.substr(0, host.find_first_of("/?#"));
  const size_t port = host.find(':', host.starts_with('[') ? host.find(']') : 0);
  return host.substr(0, port);
}

Campaign CampaignOf(const TrackedUrl& page) {
  const std::string& url = page.text();
  const size_t question_mark = url.find('?');
  Campaign campaign;
  if (question_mark == url.npos) return campaign;
  Campaign other;  // what counts where there is no utm_source
  ForEachParameter(std::string_view(url).substr(question_mark + 1), [&](std::string_view name, std::string_view value) {
    const auto text = [&] { return CleanLine(DecodeFormField(value), kMostParameterBytes); };
    for (const auto& [of_text, member] : kMembers) {
      if (StartsWithIgnoringCase(name, "utm_") && EqualsIgnoringCase(name.substr(4), of_text))
        campaign.*member = text();
    }
    if (EqualsIgnoringCase(name, "ref")) other.source = text();
    if (EqualsIgnoringCase(name, "source")) other.medium = text();
  });
  if (campaign.source.empty()) campaign.source = other.source.empty() ? other.medium : other.source;
  return campaign;
}

std::string SourceText(std::string_view referrer, const TrackedUrl& page) {
  std::string text = referrer.empty() ? std::string() : ReferrerOf(referrer, page);
  if (page.text().find('?') != std::string::npos) AppendCampaign(CampaignOf(page), text);
  return text;
}

bool IsSourceText(std::string_view text) {
  const Source source = ParseSource(text);
  for (const auto& [name, member] : kMembers) {
    const std::string& value = source.campaign.*member;
    if (CleanLine(value, kMostParameterBytes) != value) return false;
  }
  std::string again = source.referrer;
  AppendCampaign(source.campaign, again);
  return again == text && IsReferrerText(source.referrer);
}

Source ParseSource(std::string_view text) {
  const size_t blank = std::min(text.find(' '), text.size());
  Source source{std::string(text.substr(0, blank)), {}};
  if (blank == text.size()) return source;
  ForEachParameter(text.substr(blank + 1), [&](std::string_view name, std::string_view value) {
    for (const auto& [of_text, member] : kMembers) {
      if (name == of_text) source.campaign.*member = DecodeFormField(value);
    }
  });
  return source;
}

}  // namespace page_count
