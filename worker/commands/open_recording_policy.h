// Which visits are counted, and for which page, as the settings say.
#ifndef PAGE_COUNT_COMMANDS_OPEN_RECORDING_POLICY_H_
#define PAGE_COUNT_COMMANDS_OPEN_RECORDING_POLICY_H_

#include <memory>

#include "worker/commands/settings.h"
#include "worker/endpoints/recording_policy.h"

namespace page_count {

// If there are visits that it does not count, the workers that share a rate table count them together, in a file beside
// it. Throws UnfitSettings if that cannot be made.
std::shared_ptr<const RecordingPolicy> OpenRecordingPolicy(const Settings& settings);

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_OPEN_RECORDING_POLICY_H_
