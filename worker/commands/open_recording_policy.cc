#include "worker/commands/open_recording_policy.h"

#include <string>
#include <system_error>
#include <utility>

#include "worker/commands/page_rule_settings.h"
#include "worker/commands/remedy.h"

namespace page_count {
namespace {

std::unique_ptr<SharedCounters> OpenCounters(const Settings& settings) {
  const std::string file = settings.rate_table + ".not-counted";
  try {
    return std::make_unique<SharedCounters>(file, Now().time_since_epoch().count());
  } catch (const std::system_error& error) {
    throw UnfitSettings(std::string("cannot count the visits that are not counted: ") + error.what() + "; " +
                        Remedy(error.code().value(), FolderOf(file), "rate-table"));
  }
}

CidrList IgnoredAddressesOf(const Settings& settings) {
  auto blocks = CidrList::Parse(settings.ignore_addresses);
  if (!blocks) throw UnfitSettings("ignore-addresses: " + blocks.error().message);
  return std::move(*blocks);
}

}  // namespace

std::shared_ptr<const RecordingPolicy> OpenRecordingPolicy(const Settings& settings) {
  RecordingPolicy::Rules rules{PageRulesOf(settings), IgnoredAddressesOf(settings), settings.honor_opt_out};
  const bool counts_all = settings.sites.empty() && settings.ignore_addresses.empty() && !settings.honor_opt_out;
  return std::make_shared<RecordingPolicy>(std::move(rules), counts_all ? nullptr : OpenCounters(settings));
}

}  // namespace page_count
