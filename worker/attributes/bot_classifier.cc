#include "worker/attributes/bot_classifier.h"

#include <re2/re2.h>

#include <array>
#include <cstdio>
#include <utility>

#include "worker/attributes/agent_lists.h"
#include "worker/base/siphash.h"

namespace page_count {
namespace {

constexpr std::string_view kMissing = "unknown";  // CleanUserAgent's word for a header that was not sent

std::vector<std::string> WithoutEmpty(std::vector<std::string> words) {
  std::erase(words, std::string());
  return words;
}

PatternSet BotSet(const std::vector<std::string>& own_bot_words) {
  std::vector<std::string> own;
  own.reserve(own_bot_words.size());
  for (const std::string& word : own_bot_words) own.push_back("(?i:" + re2::RE2::QuoteMeta(word) + ")");
  std::vector<std::string_view> patterns(own.begin(), own.end());
  for (const BotPattern& bot : BotPatterns()) patterns.push_back(bot.pattern);
  return PatternSet(patterns);
}

}  // namespace

std::string AgentVersion(const std::vector<std::string>& own_bot_words) {
  std::string version(AgentListsVersion());
  const auto words = WithoutEmpty(own_bot_words);
  if (words.empty()) return version;
  std::string joined;
  for (const std::string& word : words) joined.append(word).push_back('\n');
  std::array<char, 17> digest{};
  std::snprintf(digest.data(), digest.size(), "%016jx", uintmax_t{SipHash(SipHashKey{}, joined).low});
  return version + ", own list " + digest.data();
}

BotClassifier::BotClassifier(std::vector<std::string> own_bot_words)
    : own_bot_words_(WithoutEmpty(std::move(own_bot_words))), bots_(BotSet(own_bot_words_)) {}

std::string BotClassifier::ReasonOf(std::string_view agent) const {
  if (agent.empty() || agent == kMissing) return "empty";
  const auto index = bots_.First(agent);
  if (!index) return {};
  if (*index < own_bot_words_.size()) return "own list: " + own_bot_words_[*index];
  return std::string(BotPatterns()[*index - own_bot_words_.size()].reason);
}

}  // namespace page_count
