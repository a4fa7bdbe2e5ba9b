// What a user agent tells: the browser and its system, the kind of device, and whether it is a bot.
//
// An agent is as CleanUserAgent leaves it. Reads strangers' text: a bot that says it is a browser is taken for one. The
// constructor compiles some 600 patterns (with those of bots 130 ms of processor time, 6 MiB), and three thousand
// unusual agents let it grow to 20 MiB: only a job in the background makes one, and lets go of it when it is done. A
// worker that never classifies never pays. Immutable, any thread.
#ifndef PAGE_COUNT_ATTRIBUTES_AGENT_CLASSIFIER_H_
#define PAGE_COUNT_ATTRIBUTES_AGENT_CLASSIFIER_H_

#include <memory>
#include <string>
#include <string_view>

#include "worker/attributes/agent_family.h"
#include "worker/attributes/bot_classifier.h"
#include "worker/attributes/device_kind.h"

namespace page_count {

struct AgentTraits {
  std::string browser;  // the family, "Chrome"; "" if unknown
  std::string system;   // the family, "Windows"; "" if unknown
  DeviceKind device = DeviceKind::kUnknown;
  std::string bot_reason;  // "words: headless"; "" for a person
};

class AgentClassifier {
 public:
  explicit AgentClassifier(std::shared_ptr<const BotClassifier> bots);

  AgentTraits Classify(std::string_view agent) const;

 private:
  std::shared_ptr<const BotClassifier> bots_;
  AgentFamily browsers_;
  AgentFamily systems_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_ATTRIBUTES_AGENT_CLASSIFIER_H_
