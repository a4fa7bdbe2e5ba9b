// Who visits what in the benchmarks: pages, addresses and user agents drawn from a Zipf-like law.
//
// Page k comes up in proportion to 1/k, agent k too, address k to 1/sqrt(k): a few pages get most visits, and at full
// load well under 1% of the visits are one client's eleventh to a page within a minute. One in five addresses is IPv6.
// The same arguments give the same visits. The views stay valid as long as the law. One thread.
#ifndef PAGE_COUNT_TESTS_BENCH_VISIT_LAW_H_
#define PAGE_COUNT_TESTS_BENCH_VISIT_LAW_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace page_count {

// Draws 0, 1, 2, ... in proportion to given weights, in constant time (Walker's alias method).
class WeightedChoice {
 public:
  explicit WeightedChoice(const std::vector<double>& weights);
  size_t Draw(std::mt19937_64& random) const;

 private:
  struct Slot {
    double own_share;  // of the slot; the rest is the alias's
    size_t alias;
  };
  std::vector<Slot> slots_;
};

class ZipfVisits {
 public:
  struct Drawn {
    std::string_view url;
    std::string_view ip;
    std::string_view user_agent;
  };

  ZipfVisits(size_t urls, uint64_t seed);
  Drawn Draw();

 private:
  struct Texts {
    Texts(std::vector<std::string> of_texts, double exponent);
    std::vector<std::string> texts;
    WeightedChoice choice;
  };

  Texts urls_;
  Texts ips_;
  Texts agents_;
  std::mt19937_64 random_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_BENCH_VISIT_LAW_H_
