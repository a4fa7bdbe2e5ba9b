#include "worker/limit/admission.h"

#include <string>
#include <utility>
#include <vector>

#include "worker/limit/client_key.h"

namespace page_count {
namespace {

std::string ClientOf(const Visit& visit, int ipv6_prefix_bits) {
  return ClientKey(visit.whole_ip.empty() ? visit.ip : visit.whole_ip, ipv6_prefix_bits);
}

std::vector<RateKey> KeysOf(std::span<const Visit> visits, std::string_view client) {
  std::vector<RateKey> keys;
  keys.reserve(visits.size());
  for (const Visit& visit : visits) keys.push_back({client, visit.url.text()});
  return keys;
}

}  // namespace

void Admission::Admit(std::span<const Visit> visits, Limit limit, RateLimiter::OnDecided on_decided) {
  if (visits.empty()) return on_decided({});
  const std::string client = ClientOf(visits.front(), settings_.ipv6_prefix_bits);
  limiter_.Admit(KeysOf(visits, client), limit == Limit::kSingle ? settings_.single : settings_.bulk,
                 std::move(on_decided));
}

void Admission::Refund(std::span<const Visit> visits) {
  if (visits.empty()) return;
  const std::string client = ClientOf(visits.front(), settings_.ipv6_prefix_bits);
  limiter_.Refund(KeysOf(visits, client));
}

}  // namespace page_count
