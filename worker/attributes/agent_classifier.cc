#include "worker/attributes/agent_classifier.h"

#include <utility>

#include "worker/attributes/agent_lists.h"

namespace page_count {

AgentClassifier::AgentClassifier(std::shared_ptr<const BotClassifier> bots)
    : bots_(std::move(bots)),
      browsers_(BrowserPatterns(), BrowserAliases()),
      systems_(SystemPatterns(), SystemAliases()) {}

AgentTraits AgentClassifier::Classify(std::string_view agent) const {
  AgentTraits traits;
  traits.bot_reason = bots_->ReasonOf(agent);
  traits.browser = browsers_.Of(agent);
  traits.system = systems_.Of(agent);
  traits.device = traits.bot_reason.empty() ? DeviceKindOf(agent, traits.system) : DeviceKind::kBot;
  return traits;
}

}  // namespace page_count
