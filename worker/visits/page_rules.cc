#include "worker/visits/page_rules.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "worker/base/ascii.h"

namespace page_count {
namespace {

// What web servers send for a folder.
constexpr std::array<std::string_view, 8> kIndexNames = {"index.html", "index.htm",   "index.xhtml",  "index.shtml",
                                                         "index.php",  "default.htm", "default.html", "default.aspx"};

bool IsIndex(std::string_view segment) {
  return std::any_of(kIndexNames.begin(), kIndexNames.end(),
                     [&](std::string_view name) { return EqualsIgnoringCase(segment, name); });
}

}  // namespace

PageRules::PageRules(const Values& values, ParameterNames parameters, SiteList sites)
    : parameters_(std::move(parameters)),
      sites_(std::move(sites)),
      strip_trailing_slash_(values.strip_trailing_slash),
      strip_index_(values.strip_index) {}

Result<PageRules, PageRulesError> PageRules::Make(const Values& values) {
  auto parameters = ParameterNames::Make(values.strip_parameters);
  if (!parameters) return PageRulesError{parameters.error().message};
  auto sites = SiteList::Make(values.sites);
  if (!sites) return PageRulesError{sites.error().message};
  return PageRules(values, std::move(*parameters), std::move(*sites));
}

TrackedUrl PageRules::Apply(TrackedUrl url) const {
  const std::string& text = url.text();
  const size_t path = text.find('/', text.find("//") + 2);
  const size_t question_mark = std::min(text.find('?', path), text.size());

  // Each may lay the other's case bare: "/a/index.html/index.html/".
  size_t end = question_mark;
  for (size_t before = 0; before != end;) {
    before = end;
    const size_t segment = text.rfind('/', end - 1) + 1;
    if (strip_index_ && IsIndex(std::string_view(text).substr(segment, end - segment))) end = segment;
    while (strip_trailing_slash_ && end > path + 1 && text[end - 1] == '/') --end;
  }

  std::string page = text.substr(0, end);
  if (question_mark < text.size()) {
    const std::string_view query = std::string_view(text).substr(question_mark + 1);
    if (const auto kept = parameters_.Without(query)) page.append(1, '?').append(*kept);
  }
  if (page == text) return url;
  return *TrackedUrl::Parse(page);
}

}  // namespace page_count
