// The kind of device that an agent runs on.
//
// A machine that visits by itself is a bot, whatever it says it runs on: whoever knows that it is one says so. An iPad
// that asks for pages as a desktop does sends a Mac's agent, and is one here. Pure, any thread.
#ifndef PAGE_COUNT_ATTRIBUTES_DEVICE_KIND_H_
#define PAGE_COUNT_ATTRIBUTES_DEVICE_KIND_H_

#include <string_view>

namespace page_count {

enum class DeviceKind { kUnknown, kDesktop, kMobile, kTablet, kBot };

// "unknown", "desktop", "mobile", "tablet" or "bot".
std::string_view DeviceKindName(DeviceKind kind);

// Never kBot. `system` is the family of operating systems that the agent names.
DeviceKind DeviceKindOf(std::string_view agent, std::string_view system);

}  // namespace page_count

#endif  // PAGE_COUNT_ATTRIBUTES_DEVICE_KIND_H_
