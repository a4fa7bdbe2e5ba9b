#include "worker/attributes/device_kind.h"

#include <algorithm>
#include <array>

namespace page_count {
namespace {

constexpr std::array<std::string_view, 5> kDesktopSystems = {"Windows", "macOS", "Linux", "Chrome OS", "Solaris"};
constexpr std::array<std::string_view, 5> kPhoneSystems = {"KaiOS", "Windows Phone", "BlackBerry OS", "Symbian OS",
                                                           "Nokia Series 40"};
// Televisions, glasses and consoles that run a system of other kinds.
constexpr std::array<std::string_view, 9> kOther = {"TV",    "BRAVIA",      "AFT",  "CrKey",   "OculusBrowser",
                                                    "Quest", "PlayStation", "Xbox", "Nintendo"};

template <typename Texts>
bool HasAny(std::string_view agent, const Texts& texts) {
  return std::any_of(texts.begin(), texts.end(), [agent](auto text) { return agent.find(text) != agent.npos; });
}

template <typename Texts>
bool IsOneOf(std::string_view system, const Texts& texts) {
  return std::find(texts.begin(), texts.end(), system) != texts.end();
}

bool Has(std::string_view agent, std::string_view text) { return agent.find(text) != agent.npos; }

}  // namespace

std::string_view DeviceKindName(DeviceKind kind) {
  switch (kind) {
    case DeviceKind::kDesktop:
      return "desktop";
    case DeviceKind::kMobile:
      return "mobile";
    case DeviceKind::kTablet:
      return "tablet";
    case DeviceKind::kBot:
      return "bot";
    case DeviceKind::kUnknown:
      break;
  }
  return "unknown";
}

DeviceKind DeviceKindOf(std::string_view agent, std::string_view system) {
  if (HasAny(agent, kOther)) return DeviceKind::kUnknown;
  if (Has(agent, "iPad")) return DeviceKind::kTablet;
  if (Has(agent, "Mobi") || Has(agent, "iPhone") || Has(agent, "iPod") || Has(agent, "Opera Mini")) {
    return DeviceKind::kMobile;
  }
  if (IsOneOf(system, kPhoneSystems)) return DeviceKind::kMobile;
  if (system == "Android" || system == "HarmonyOS") return DeviceKind::kTablet;  // a phone says "Mobile"
  const bool is_desktop = IsOneOf(system, kDesktopSystems) || system.ends_with("BSD");
  return is_desktop ? DeviceKind::kDesktop : DeviceKind::kUnknown;
}

}  // namespace page_count
