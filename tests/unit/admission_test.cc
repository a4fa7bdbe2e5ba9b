#include "worker/limit/admission.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/fake_rate_limiter.h"

namespace page_count {
namespace {

using enum RateLimiter::Verdict;
using Verdicts = std::vector<RateLimiter::Verdict>;

std::vector<Visit> VisitsOf(const std::string& ip, const std::vector<const char*>& urls) {
  std::vector<Visit> visits;
  for (const char* url : urls) visits.push_back({*TrackedUrl::Parse(url), ip, "agent"});
  return visits;
}

class AdmissionTest : public testing::Test {
 protected:
  static Verdicts Admit(Admission& admission, const std::string& ip, const std::vector<const char*>& urls,
                        Limit limit = Limit::kSingle) {
    Verdicts verdicts;
    const auto visits = VisitsOf(ip, urls);
    admission.Admit(visits, limit, [&verdicts](auto decisions) {
      for (const auto& decision : decisions) verdicts.push_back(decision.verdict);
    });
    return verdicts;
  }

  FakeRateLimiter limiter_;
};

TEST_F(AdmissionTest, HoldsTheLimitOfTheWay) {
  Admission admission(limiter_, {.single = 10, .bulk = 20, .ipv6_prefix_bits = 64});
  EXPECT_EQ(Admit(admission, "192.0.2.1", {"https://h/"}, Limit::kSingle), Verdicts{kAdmitted});
  EXPECT_EQ(Admit(admission, "192.0.2.1", {"https://h/"}, Limit::kBulk), Verdicts{kAdmitted});
  EXPECT_EQ(limiter_.limits, (std::vector<uint32_t>{10, 20}));
}

TEST_F(AdmissionTest, CountsBothWaysInOneLog) {
  Admission admission(limiter_, {.single = 1, .bulk = 2, .ipv6_prefix_bits = 64});
  EXPECT_EQ(Admit(admission, "192.0.2.1", {"https://h/"}), Verdicts{kAdmitted});
  EXPECT_EQ(Admit(admission, "192.0.2.1", {"https://h/"}), Verdicts{kRefused});
  EXPECT_EQ(Admit(admission, "192.0.2.1", {"https://h/"}, Limit::kBulk), Verdicts{kAdmitted});
  EXPECT_EQ(Admit(admission, "192.0.2.1", {"https://h/"}, Limit::kBulk), Verdicts{kRefused});
}

TEST_F(AdmissionTest, CountsByTheWholeAddressWhateverIsKeptOfIt) {
  Admission admission(limiter_, {.single = 1, .bulk = 2, .ipv6_prefix_bits = 64});
  std::vector<Visit> visits = VisitsOf("192.0.2.0", {"https://h/"});
  for (const char* ip : {"192.0.2.1", "192.0.2.2"}) {
    visits.front().whole_ip = ip;
    admission.Admit(visits, Limit::kSingle, [](auto decisions) { EXPECT_EQ(decisions[0].verdict, kAdmitted); });
  }
  EXPECT_EQ(limiter_.VisitsCounted(), 2U);
  admission.Refund(visits);
  EXPECT_EQ(Admit(admission, "192.0.2.2", {"https://h/"}), Verdicts{kAdmitted}) << "it was refunded";
  EXPECT_EQ(Admit(admission, "192.0.2.1", {"https://h/"}), Verdicts{kRefused});
}

TEST_F(AdmissionTest, PutsAllVisitsOfARequestToTheLimiterInOneCall) {
  Admission admission(limiter_, {.single = 1, .bulk = 2, .ipv6_prefix_bits = 64});
  EXPECT_EQ(Admit(admission, "192.0.2.1", {"https://h/a", "https://h/b", "https://h/a", "https://h/a"}, Limit::kBulk),
            (Verdicts{kAdmitted, kAdmitted, kAdmitted, kRefused}));
  EXPECT_EQ(limiter_.limits.size(), 1U);
}

TEST_F(AdmissionTest, DoesNotAskTheLimiterWithoutAVisit) {
  Admission admission(limiter_, {});
  EXPECT_EQ(Admit(admission, "192.0.2.1", {}), Verdicts{});
  EXPECT_TRUE(limiter_.limits.empty());
}

TEST_F(AdmissionTest, LimitsEachClientAndPageOnItsOwn) {
  Admission admission(limiter_, {.single = 1, .bulk = 1, .ipv6_prefix_bits = 48});
  EXPECT_EQ(Admit(admission, "192.0.2.1", {"https://h/"}), Verdicts{kAdmitted});
  EXPECT_EQ(Admit(admission, "::ffff:192.0.2.1", {"HTTPS://H:443"}), Verdicts{kRefused});
  EXPECT_EQ(Admit(admission, "192.0.2.1", {"https://h/a"}), Verdicts{kAdmitted});
  EXPECT_EQ(Admit(admission, "192.0.2.2", {"https://h/"}), Verdicts{kAdmitted});
  EXPECT_EQ(Admit(admission, "2001:db8:1:2::", {"https://h/"}), Verdicts{kAdmitted});
  EXPECT_EQ(Admit(admission, "2001:db8:1:3::", {"https://h/"}), Verdicts{kRefused});
}

TEST_F(AdmissionTest, RefundsVisitsUnderTheKeyThatTheyWereAdmittedUnder) {
  Admission admission(limiter_, {.single = 1, .bulk = 1, .ipv6_prefix_bits = 64});
  ASSERT_EQ(Admit(admission, "2001:db8::1", {"https://h/a", "https://h/b"}), (Verdicts{kAdmitted, kAdmitted}));
  admission.Refund(VisitsOf("2001:db8::1", {"https://h/a", "https://h/b"}));
  EXPECT_EQ(Admit(admission, "2001:db8::2", {"https://h/a", "https://h/b"}), (Verdicts{kAdmitted, kAdmitted}));
}

}  // namespace
}  // namespace page_count
