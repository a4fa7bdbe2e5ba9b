#include "worker/attributes/known_sites.h"

#include <algorithm>
#include <array>

#include "worker/base/ascii.h"

namespace page_count {
namespace {

struct Listed {
  std::string_view host;  // or an app's name; with ".*" under any top-level domain
  KnownSite site;
};

constexpr KnownSite kGoogle = {"Google", "search"};
constexpr KnownSite kBing = {"Bing", "search"};
constexpr KnownSite kYahoo = {"Yahoo", "search"};
constexpr KnownSite kYandex = {"Yandex", "search"};
constexpr KnownSite kFacebook = {"Facebook", "social"};
constexpr KnownSite kX = {"X", "social"};
constexpr KnownSite kReddit = {"Reddit", "social"};
constexpr KnownSite kYouTube = {"YouTube", "social"};
constexpr KnownSite kWhatsApp = {"WhatsApp", "social"};
constexpr KnownSite kTelegram = {"Telegram", "social"};
constexpr KnownSite kGmail = {"Gmail", "mail"};
constexpr KnownSite kYahooMail = {"Yahoo Mail", "mail"};
constexpr KnownSite kOutlook = {"Outlook", "mail"};

// What is more special comes first.
constexpr std::array kListed = {
    Listed{"mail.google.com", kGmail},
    Listed{"com.google.android.gm", kGmail},
    Listed{"mail.yahoo.*", kYahooMail},
    Listed{"com.yahoo.mobile.client.android.mail", kYahooMail},
    Listed{"mail.yandex.*", {"Yandex Mail", "mail"}},
    Listed{"outlook.live.com", kOutlook},
    Listed{"outlook.office.com", kOutlook},
    Listed{"outlook.office365.com", kOutlook},
    Listed{"com.microsoft.office.outlook", kOutlook},
    Listed{"mail.proton.me", {"Proton Mail", "mail"}},
    Listed{"news.google.com", {"Google News", "link"}},
    Listed{"news.google.*", {"Google News", "link"}},
    Listed{"docs.google.com", {"Google Docs", "link"}},
    Listed{"classroom.google.com", {"Google Classroom", "link"}},
    Listed{"translate.google.com", {"Google Translate", "link"}},
    Listed{"gemini.google.com", {"Gemini", "link"}},
    Listed{"google.*", kGoogle},
    Listed{"com.google.android.googlequicksearchbox", kGoogle},
    Listed{"googleapis.com", kGoogle},
    Listed{"bing.com", kBing},
    Listed{"com.microsoft.bing", kBing},
    Listed{"yahoo.*", kYahoo},
    Listed{"duckduckgo.com", {"DuckDuckGo", "search"}},
    Listed{"com.duckduckgo.mobile.android", {"DuckDuckGo", "search"}},
    Listed{"yandex.*", kYandex},
    Listed{"ya.ru", kYandex},
    Listed{"baidu.com", {"Baidu", "search"}},
    Listed{"ecosia.org", {"Ecosia", "search"}},
    Listed{"startpage.com", {"Startpage", "search"}},
    Listed{"search.brave.com", {"Brave Search", "search"}},
    Listed{"qwant.com", {"Qwant", "search"}},
    Listed{"kagi.com", {"Kagi", "search"}},
    Listed{"naver.com", {"Naver", "search"}},
    Listed{"seznam.cz", {"Seznam", "search"}},
    Listed{"sogou.com", {"Sogou", "search"}},
    Listed{"mojeek.com", {"Mojeek", "search"}},
    Listed{"marginalia.nu", {"Marginalia", "search"}},
    Listed{"perplexity.ai", {"Perplexity", "search"}},
    Listed{"chatgpt.com", {"ChatGPT", "link"}},
    Listed{"chat.openai.com", {"ChatGPT", "link"}},
    Listed{"claude.ai", {"Claude", "link"}},
    Listed{"copilot.microsoft.com", {"Copilot", "link"}},
    Listed{"facebook.com", kFacebook},
    Listed{"fb.com", kFacebook},
    Listed{"fb.me", kFacebook},
    Listed{"com.facebook.katana", kFacebook},
    Listed{"messenger.com", {"Messenger", "social"}},
    Listed{"com.facebook.orca", {"Messenger", "social"}},
    Listed{"instagram.com", {"Instagram", "social"}},
    Listed{"com.instagram.android", {"Instagram", "social"}},
    Listed{"threads.net", {"Threads", "social"}},
    Listed{"threads.com", {"Threads", "social"}},
    Listed{"t.co", kX},
    Listed{"twitter.com", kX},
    Listed{"x.com", kX},
    Listed{"com.twitter.android", kX},
    Listed{"linkedin.com", {"LinkedIn", "social"}},
    Listed{"lnkd.in", {"LinkedIn", "social"}},
    Listed{"com.linkedin.android", {"LinkedIn", "social"}},
    Listed{"reddit.com", kReddit},
    Listed{"com.reddit.frontpage", kReddit},
    Listed{"news.ycombinator.com", {"Hacker News", "social"}},
    Listed{"lobste.rs", {"Lobsters", "social"}},
    Listed{"pinterest.*", {"Pinterest", "social"}},
    Listed{"youtube.com", kYouTube},
    Listed{"youtu.be", kYouTube},
    Listed{"tiktok.com", {"TikTok", "social"}},
    Listed{"vk.com", {"VK", "social"}},
    Listed{"vk.ru", {"VK", "social"}},
    Listed{"ok.ru", {"Odnoklassniki", "social"}},
    Listed{"weibo.com", {"Weibo", "social"}},
    Listed{"whatsapp.com", kWhatsApp},
    Listed{"wa.me", kWhatsApp},
    Listed{"com.whatsapp", kWhatsApp},
    Listed{"t.me", kTelegram},
    Listed{"telegram.org", kTelegram},
    Listed{"org.telegram.messenger", kTelegram},
    Listed{"discord.com", {"Discord", "social"}},
    Listed{"com.slack", {"Slack", "social"}},
    Listed{"slack.com", {"Slack", "social"}},
    Listed{"bsky.app", {"Bluesky", "social"}},
    Listed{"go.bsky.app", {"Bluesky", "social"}},
    Listed{"mastodon.social", {"Mastodon", "social"}},
    Listed{"tumblr.com", {"Tumblr", "social"}},
    Listed{"quora.com", {"Quora", "social"}},
    Listed{"stackoverflow.com", {"Stack Overflow", "social"}},
};

// Whether `host` is `listed` or lies below it.
bool IsBelow(std::string_view host, std::string_view listed) {
  return host.ends_with(listed) && (host.size() == listed.size() || host[host.size() - listed.size() - 1] == '.');
}

// Of one label or two, like "de" and "co.uk".
bool IsTopLevel(std::string_view domain) {
  const size_t dot = domain.find('.');
  if (dot == domain.npos) return domain.size() >= 2;
  const std::string_view second = domain.substr(0, dot);
  return domain.size() - dot - 1 == 2 && (second == "com" || second == "co" || second == "org" || second == "net");
}

bool Matches(std::string_view host, std::string_view listed) {
  if (!listed.ends_with(".*")) return IsBelow(host, listed);
  const std::string_view name = listed.substr(0, listed.size() - 1);  // with its dot
  const size_t at = host.find(name);
  if (at == host.npos || (at > 0 && host[at - 1] != '.')) return false;
  return IsTopLevel(host.substr(at + name.size()));
}

}  // namespace

const KnownSite* FindKnownSite(std::string_view host) {
  const auto found =
      std::find_if(kListed.begin(), kListed.end(), [&](const Listed& one) { return Matches(host, one.host); });
  return found == kListed.end() ? nullptr : &found->site;
}

const KnownSite* FindKnownSiteByName(std::string_view name) {
  const std::string lower = ToLower(name);
  const auto found = std::find_if(kListed.begin(), kListed.end(),
                                  [&](const Listed& one) { return EqualsIgnoringCase(one.site.name, lower); });
  return found == kListed.end() ? nullptr : &found->site;
}

}  // namespace page_count
