// Whether a user agent is a bot, and how that is known.
//
// The constructor compiles some 1,500 patterns (some ms, 2 MiB). Immutable, any thread.
#ifndef PAGE_COUNT_ATTRIBUTES_BOT_CLASSIFIER_H_
#define PAGE_COUNT_ATTRIBUTES_BOT_CLASSIFIER_H_

#include <string>
#include <string_view>
#include <vector>

#include "worker/attributes/pattern_set.h"

namespace page_count {

// Two classifiers of one version say the same of every agent. Needs none.
std::string AgentVersion(const std::vector<std::string>& own_bot_words);

class BotClassifier {
 public:
  // Words of an administrator: what has one of them, ignoring case, is a bot. An empty one is left out.
  explicit BotClassifier(std::vector<std::string> own_bot_words);

  // "words: headless"; empty of a person.
  std::string ReasonOf(std::string_view agent) const;

 private:
  std::vector<std::string> own_bot_words_;
  PatternSet bots_;  // own words, then BotPatterns()
};

}  // namespace page_count

#endif  // PAGE_COUNT_ATTRIBUTES_BOT_CLASSIFIER_H_
