#include "tests/bench/zipf_visits.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace page_count {
namespace {

constexpr size_t kIps = 300'000;
constexpr size_t kAgents = 200;

// Spreads consecutive numbers over all 64 bits (splitmix64): one number, one outcome.
uint64_t Scatter(uint64_t number) {
  number += 0x9e3779b97f4a7c15;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
  number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
  return number ^ (number >> 31);
}

template <typename Text>
std::vector<std::string> Each(size_t count, Text text) {
  std::vector<std::string> texts;
  texts.reserve(count);
  for (size_t i = 0; i < count; ++i) texts.push_back(text(i));
  return texts;
}

template <size_t N>
std::string Pick(const std::array<const char*, N>& words, uint64_t number) {
  return words[number % N];
}

std::string UrlText(size_t rank) {
  static constexpr std::array kSites = {"www.example.org", "blog.example.com", "shop.example.net", "docs.example.dev"};
  static constexpr std::array kSections = {"articles", "products/garden", "guides", "news/2025/09", "questions"};
  static constexpr std::array kWords = {"how",   "a",      "small",  "counter", "winter",  "keeps",  "quiet", "letters",
                                        "about", "bread",  "maps",   "of",      "gardens", "across", "the",   "river",
                                        "seven", "bright", "clocks", "and",     "their",   "makers"};
  uint64_t bits = Scatter(rank);
  std::string url = "https://" + Pick(kSites, bits) + '/' + Pick(kSections, bits >> 8) + '/';
  for (int word = 0; word < 4; ++word) url += Pick(kWords, (bits >> (16 + 8 * word))) + '-';
  url += std::to_string(rank);
  return rank % 10 == 9 ? url + "?page=" + std::to_string(bits % 9 + 1) : url;
}

std::string IpText(size_t rank) {
  // No two ranks share the lower 24 bits.
  const auto number = static_cast<uint32_t>(rank * 2'654'435'761U);
  const uint32_t low = number & 0xffff;
  const uint32_t middle = (number >> 16) & 0xff;
  std::array<char, 48> text{};
  if (rank % 5 == 4) {
    std::snprintf(text.data(), text.size(), "2001:db8:%x:%x:8a2e:370:7334:%x", middle, low, number >> 24);
  } else {
    std::snprintf(text.data(), text.size(), "%u.%u.%u.%u", 11 + (number >> 24) % 200, middle, low >> 8, low & 0xff);
  }
  return text.data();
}

std::string AgentText(size_t rank) {
  static constexpr std::array kSystems = {"Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7",
                                          "X11; Linux x86_64",           "Linux; Android 14; Pixel 8",
                                          "Linux; Android 13; SM-S911B", "iPhone; CPU iPhone OS 17_5 like Mac OS X",
                                          "X11; CrOS x86_64 14541.0.0",  "iPad; CPU OS 16_6 like Mac OS X"};
  const std::string system = kSystems[rank % kSystems.size()];
  const std::string version = std::to_string(100 + rank / kSystems.size());
  if (rank % 3 == 2)
    return "Mozilla/5.0 (" + system + "; rv:" + version + ".0) Gecko/20100101 Firefox/" + version + ".0";
  return "Mozilla/5.0 (" + system + ") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" + version +
         ".0.0.0 Safari/537.36";
}

std::vector<double> ZipfWeights(size_t count, double exponent) {
  std::vector<double> weights;
  weights.reserve(count);
  for (size_t i = 0; i < count; ++i) weights.push_back(std::pow(static_cast<double>(i + 1), -exponent));
  return weights;
}

}  // namespace

WeightedChoice::WeightedChoice(const std::vector<double>& weights) : slots_(weights.size()) {
  const double mean = std::accumulate(weights.begin(), weights.end(), 0.0) / static_cast<double>(weights.size());
  std::vector<size_t> small;
  std::vector<size_t> large;
  for (size_t i = 0; i < weights.size(); ++i) {
    slots_[i] = {weights[i] / mean, i};
    (slots_[i].own_share < 1 ? small : large).push_back(i);
  }
  while (!small.empty() && !large.empty()) {
    Slot& filled = slots_[small.back()];
    small.pop_back();
    const size_t giver = large.back();
    filled.alias = giver;
    slots_[giver].own_share -= 1 - filled.own_share;
    if (slots_[giver].own_share < 1) {
      large.pop_back();
      small.push_back(giver);
    }
  }
}

size_t WeightedChoice::Draw(std::mt19937_64& random) const {
  const uint64_t bits = random();
  const auto slot = static_cast<size_t>((bits >> 32) * slots_.size() >> 32);
  const double share = static_cast<double>(bits & 0xffffffff) * 0x1p-32;
  return share < slots_[slot].own_share ? slot : slots_[slot].alias;
}

ZipfVisits::Texts::Texts(std::vector<std::string> of_texts, double exponent)
    : texts(std::move(of_texts)), choice(ZipfWeights(texts.size(), exponent)) {}

ZipfVisits::ZipfVisits(size_t urls, uint64_t seed)
    : urls_(Each(urls, UrlText), 1.0),
      ips_(Each(kIps, IpText), 0.5),
      agents_(Each(kAgents, AgentText), 1.0),
      random_(seed) {}

ZipfVisits::Drawn ZipfVisits::Draw() {
  const auto draw = [this](const Texts& from) -> std::string_view { return from.texts[from.choice.Draw(random_)]; };
  const auto url = draw(urls_);
  const auto ip = draw(ips_);
  return {url, ip, draw(agents_)};
}

}  // namespace page_count
