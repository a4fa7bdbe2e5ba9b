#include "worker/endpoints/recording_policy.h"

#include <string>
#include <utility>

namespace page_count {
namespace {

constexpr std::string_view kYes = "1";  // of Sec-GPC and DNT

std::string_view NameOf(NotCounted reason) { return kNotCountedNames[static_cast<size_t>(reason)]; }

}  // namespace

std::optional<NotCounted> RecordingPolicy::WhyIgnored(const Request& request) const {
  if (rules_.honors_opt_out && (request.global_privacy_control == kYes || request.do_not_track == kYes)) {
    return NotCounted::kOptedOut;
  }
  if (!rules_.ignored_addresses.empty() && rules_.ignored_addresses.Contains(request.client_ip)) {
    return NotCounted::kAddress;
  }
  return std::nullopt;
}

void RecordingPolicy::Note(NotCounted reason, size_t visits) const {
  if (counters_) counters_->Add(static_cast<size_t>(reason), static_cast<int64_t>(visits));
}

std::optional<Response> RecordingPolicy::AnswerUncounted(const Request& request, const TrackedUrl& url) const {
  if (!CountsSiteOf(url)) {
    Note(NotCounted::kOtherSite, 1);
    return SiteNotCounted();
  }
  const auto ignored = WhyIgnored(request);
  if (!ignored) return std::nullopt;
  Note(*ignored, 1);
  JsonWriter json;
  json.StartObject();
  WriteIgnored(json, *ignored);
  json.EndObject();
  return Ok(json.Take());
}

Visit RecordingPolicy::OnItsPage(Visit visit) const {
  visit.url = PageOf(std::move(visit.url));
  return visit;
}

Response SiteNotCounted() { return Error(403, "This site is not counted here"); }

void WriteIgnored(JsonWriter& json, NotCounted reason) {
  json.Member("status", "ignored");
  json.Member("reason", NameOf(reason));
}

}  // namespace page_count
