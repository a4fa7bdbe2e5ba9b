#include "worker/attributes/known_attributes.h"

#include <utility>

#include "worker/attributes/known_sites.h"
#include "worker/attributes/source_traits.h"
#include "worker/base/log.h"
#include "worker/visits/pseudonym.h"
#include "worker/visits/source.h"

namespace page_count {
namespace {

// Of the rules in this file and those of sources; another one once they say something else.
constexpr std::string_view kRulesVersion = "1";

// The path's first segment with its slashes, "/blog/"; "/" of a page that lies in none.
std::string DirectoryOf(std::string_view url) {
  const size_t path = url.find('/', url.find("//") + 2);
  if (path == url.npos) return "/";
  const std::string_view rest = url.substr(path, url.find('?', path) - path);
  const size_t end = rest.find('/', 1);
  return end == rest.npos ? "/" : std::string(rest.substr(0, end + 1));
}

}  // namespace

KnownAttributes::KnownAttributes(std::vector<std::string> own_bot_words, std::string country_database)
    : own_bot_words_(std::move(own_bot_words)),
      country_database_(std::move(country_database)),
      agent_version_(AgentVersion(own_bot_words_)) {}

std::string KnownAttributes::ValueOf(Dimension attribute, std::string_view text) {
  switch (attribute) {
    case Dimension::kHost:
      return std::string(HostOf(text));
    case Dimension::kDirectory:
      return DirectoryOf(text);
    case Dimension::kCountry:
      return CountryOf(text);
    case Dimension::kBrowser:
      return TraitsOf(text).browser;
    case Dimension::kSystem:
      return TraitsOf(text).system;
    case Dimension::kDevice:
      return std::string(DeviceKindName(TraitsOf(text).device));
    case Dimension::kBot:
      return BotOf(text);
    case Dimension::kSite:
      return SourceTraitsOf(text).site;
    case Dimension::kMedium:
      return SourceTraitsOf(text).medium;
    case Dimension::kCampaign:
      return SourceTraitsOf(text).campaign;
    default:
      return {};
  }
}

std::string KnownAttributes::VersionOf(Dimension column) {
  switch (column) {
    case Dimension::kClient: {
      std::string version = CountryDatabase::FileVersion(country_database_);
      const MutexLock lock(mutex_);
      return version == unreadable_ ? std::string() : version;
    }
    case Dimension::kAgent:
      return agent_version_;
    case Dimension::kSource:
      return std::string(kRulesVersion).append(", sites ").append(kKnownSitesVersion);
    default:
      return std::string(kRulesVersion);
  }
}

void KnownAttributes::Rest() {
  const MutexLock lock(mutex_);
  agents_.reset();
  countries_.reset();
  last_agent_.clear();
}

std::shared_ptr<const BotClassifier> KnownAttributes::Bots() {
  if (bots_ == nullptr) bots_ = std::make_shared<const BotClassifier>(own_bot_words_);
  return bots_;
}

std::string KnownAttributes::BotOf(std::string_view agent) {
  std::shared_ptr<const BotClassifier> bots;
  {
    const MutexLock lock(mutex_);
    bots = Bots();
  }
  return bots->ReasonOf(agent);
}

std::string KnownAttributes::CountryOf(std::string_view address) {
  if (const auto pseudonym = Pseudonym::Parse(address)) return pseudonym->country;
  const MutexLock lock(mutex_);
  if (countries_ == nullptr) {
    std::string version = CountryDatabase::FileVersion(country_database_);
    if (version.empty() || version == unreadable_) return {};
    try {
      countries_ = CountryDatabase::Open(country_database_);
    } catch (const CountryDatabaseError& error) {
      LogLine(std::string("no countries: ") + error.what());
      unreadable_ = std::move(version);
      return {};
    }
  }
  return std::string(countries_->CountryOf(address));
}

AgentTraits KnownAttributes::TraitsOf(std::string_view agent) {
  std::shared_ptr<const AgentClassifier> agents;
  {
    const MutexLock lock(mutex_);
    if (agents_ == nullptr) {
      agents_ = std::make_shared<const AgentClassifier>(Bots());
    } else if (!last_agent_.empty() && last_agent_ == agent) {
      return last_traits_;
    }
    agents = agents_;
  }
  AgentTraits traits = agents->Classify(agent);
  const MutexLock lock(mutex_);
  last_agent_ = agent;
  last_traits_ = traits;
  return traits;
}

}  // namespace page_count
