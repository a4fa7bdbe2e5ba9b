// All attributes: of pages and sources from the text alone, of user agents by lists, of clients by a country database.
//
// The lists of agents and the countries take memory (see agent_classifier.h): they are read when they are first needed,
// and let go by Rest. Whether an agent is a bot takes little. A country database that cannot be read is said in the
// log, and no country is known until another one is there. Any thread.
#ifndef PAGE_COUNT_ATTRIBUTES_KNOWN_ATTRIBUTES_H_
#define PAGE_COUNT_ATTRIBUTES_KNOWN_ATTRIBUTES_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "worker/attributes/agent_classifier.h"
#include "worker/attributes/attribute_source.h"
#include "worker/attributes/bot_classifier.h"
#include "worker/attributes/country_database.h"
#include "worker/base/mutex.h"

namespace page_count {

class KnownAttributes : public AttributeSource {
 public:
  // `own_bot_words`: see BotClassifier. `country_database`: see CountryDatabase; empty if there is none.
  KnownAttributes(std::vector<std::string> own_bot_words, std::string country_database);

  std::string ValueOf(Dimension attribute, std::string_view text) override;
  std::string VersionOf(Dimension column) override;
  void Rest() override;

 private:
  // The one that agents are classified with, too.
  std::shared_ptr<const BotClassifier> Bots() REQUIRES(mutex_);
  std::string BotOf(std::string_view agent) EXCLUDES(mutex_);
  std::string CountryOf(std::string_view address) EXCLUDES(mutex_);
  // Of the agent that was asked about last it remembers all.
  AgentTraits TraitsOf(std::string_view agent) EXCLUDES(mutex_);

  const std::vector<std::string> own_bot_words_;
  const std::string country_database_;
  const std::string agent_version_;
  Mutex mutex_;
  std::shared_ptr<const BotClassifier> bots_ GUARDED_BY(mutex_);
  std::shared_ptr<const AgentClassifier> agents_ GUARDED_BY(mutex_);
  std::shared_ptr<const CountryDatabase> countries_ GUARDED_BY(mutex_);
  std::string unreadable_ GUARDED_BY(mutex_);  // a version of the country database
  std::string last_agent_ GUARDED_BY(mutex_);
  AgentTraits last_traits_ GUARDED_BY(mutex_);
};

}  // namespace page_count

#endif  // PAGE_COUNT_ATTRIBUTES_KNOWN_ATTRIBUTES_H_
