#include "worker/attributes/agent_classifier.h"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace page_count {
namespace {

std::shared_ptr<const BotClassifier> Bots(std::vector<std::string> own_words = {}) {
  return std::make_shared<const BotClassifier>(std::move(own_words));
}

struct Sample {
  std::string browser;
  std::string system;
  std::string device;
  std::string bot_reason;
  std::string agent;
};

// The text up to the next " | ", which leaves `line`; "" for "-".
std::string TakeField(std::string_view& line) {
  const size_t end = line.find(" | ");
  const std::string_view field = line.substr(0, end);
  line.remove_prefix(end == line.npos ? line.size() : end + 3);
  return field == "-" ? std::string() : std::string(field);
}

std::vector<Sample> Samples() {
  std::ifstream file(AGENT_SAMPLES);
  std::vector<Sample> samples;
  for (std::string text; std::getline(file, text);) {
    if (text.empty() || text.front() == '#') continue;
    std::string_view line = text;
    Sample sample;
    sample.browser = TakeField(line);
    sample.system = TakeField(line);
    sample.device = TakeField(line);
    sample.bot_reason = TakeField(line);
    sample.agent = line;
    samples.push_back(sample);
  }
  return samples;
}

TEST(AgentClassifierTest, KnowsTwoHundredRealAgents) {
  const AgentClassifier classifier(Bots());
  const std::vector<Sample> samples = Samples();
  ASSERT_GE(samples.size(), 200U);
  for (const Sample& sample : samples) {
    const AgentTraits traits = classifier.Classify(sample.agent);
    EXPECT_EQ(traits.browser, sample.browser) << sample.agent;
    EXPECT_EQ(traits.system, sample.system) << sample.agent;
    EXPECT_EQ(DeviceKindName(traits.device), sample.device) << sample.agent;
    EXPECT_EQ(traits.bot_reason, sample.bot_reason) << sample.agent;
  }
}

TEST(AgentClassifierTest, TakesWhoSendsNoAgentForABot) {
  const AgentClassifier classifier(Bots());
  for (const char* agent : {"", "unknown"}) {
    EXPECT_EQ(classifier.Classify(agent).bot_reason, "empty") << agent;
    EXPECT_EQ(classifier.Classify(agent).device, DeviceKind::kBot) << agent;
  }
}

TEST(AgentClassifierTest, TakesWhatHasAWordOfTheAdministratorForABot) {
  const AgentClassifier classifier(Bots({"Acme (load+test)", "", "Googlebot"}));
  EXPECT_EQ(classifier.Classify("Mozilla/5.0 ACME (Load+Test) 7").bot_reason, "own list: Acme (load+test)");
  EXPECT_EQ(classifier.Classify("Googlebot/2.1").bot_reason, "own list: Googlebot") << "before the lists";
  EXPECT_EQ(classifier.Classify("bingbot/2.0").bot_reason, "crawler-user-agents: bingbot");
  EXPECT_EQ(classifier.Classify("Mozilla/5.0 Firefox/143.0").bot_reason, "") << "the empty word is none";
}

TEST(AgentClassifierTest, HasAnotherVersionWithOtherWords) {
  EXPECT_NE(AgentVersion({}), AgentVersion({"a"}));
  EXPECT_NE(AgentVersion({"a"}), AgentVersion({"b"}));
  EXPECT_EQ(AgentVersion({"a"}), AgentVersion({"a", ""}));
  EXPECT_EQ(AgentVersion({}).substr(0, 20), "crawler-user-agents ") << AgentVersion({});
}

TEST(AgentClassifierTest, TakesStrangersBytes) {
  const AgentClassifier classifier(Bots());
  EXPECT_EQ(classifier.Classify(std::string(512, '(')).browser, "");
  EXPECT_EQ(classifier.Classify("\xEF\xBF\xBD | Firefox/143.0").browser, "Firefox");
  EXPECT_EQ(classifier.Classify(std::string_view("Firefox/1\0bot", 13)).bot_reason, "words: bot");
}

TEST(AgentClassifierTest, ClassifiesOnManyThreads) {
  const AgentClassifier classifier(Bots());
  const std::vector<Sample> samples = Samples();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (const Sample& sample : samples) EXPECT_EQ(classifier.Classify(sample.agent).browser, sample.browser);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace page_count
