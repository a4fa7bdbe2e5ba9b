// Reads agents from standard input, a line each, and writes what is made of them: browser, system, device and the
// reason why it is a bot, with tabs between, a line each.
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "worker/attributes/agent_classifier.h"

int main() {
  const page_count::AgentClassifier classifier(
      std::make_shared<const page_count::BotClassifier>(std::vector<std::string>()));
  for (std::string agent; std::getline(std::cin, agent);) {
    const page_count::AgentTraits traits = classifier.Classify(agent);
    std::cout << traits.browser << '\t' << traits.system << '\t' << page_count::DeviceKindName(traits.device) << '\t'
              << traits.bot_reason << '\n';
  }
}
