#include "worker/commands/commands.h"
#include "worker/commands/open_storage.h"
#include "worker/commands/output.h"
#include "worker/commands/page_rule_settings.h"
#include "worker/commands/settings.h"
#include "worker/visits/source.h"

namespace page_count {
namespace {

constexpr char kDescription[] =
    "Applies the page rules of the settings (strip-parameters, strip-trailing-slash, strip-index) to the visits that\n"
    "are stored already; workers may run. Without --apply it changes nothing and says what it would do.\n\n"
    "Visits that are moved cannot be told apart afterwards: make a backup first. Visits without a source, as those "
    "that\n"
    "were imported, get the one that their old URL tells of by its campaign.\n";

RewrittenPage PageOfStored(const PageRules& rules, const std::string& url) {
  const auto tracked = TrackedUrl::Parse(url);
  if (!tracked) return {url};
  return {rules.Apply(*tracked).text(), SourceText("", *tracked)};
}

std::string Number(int64_t count, const char* what) {
  return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

void Report(const PageRewrite& rewrite, bool is_done) {
  for (const PageRewrite::Move& move : rewrite.examples) {
    Print(move.from + " -> " + move.to + " (" + Number(move.visits, "visit") + ")\n");
  }
  const auto listed = static_cast<int64_t>(rewrite.examples.size());
  if (rewrite.moved_pages > listed) Print("and " + Number(rewrite.moved_pages - listed, "more page") + "\n");
  Print(Number(rewrite.pages_before, "page") + (is_done ? " became " : " would become ") +
        std::to_string(rewrite.pages_after) + ": " + Number(rewrite.moved_pages, "page") + " with " +
        Number(rewrite.moved_visits, "visit") + (is_done ? " got another URL\n" : " would get another URL\n"));
  if (!is_done && rewrite.moved_pages > 0) Print("nothing is changed; page-count rewrite --apply does it\n");
}

}  // namespace

int RunRewrite(int argc, char** argv) {
  CLI::App app(kDescription, "page-count rewrite");
  Settings settings;
  bool applies = false;
  bool is_dry = false;
  AddRewriteSettings(app, settings);
  const CLI::Option* const apply = app.add_flag("--apply", applies, "Do it");
  app.add_flag("--dry-run", is_dry, "Only say what would be done, as without --apply")->excludes("--apply");
  return RunCommand(app, argc, argv, [&] {
    const PageRules rules = PageRulesOf(settings);
    const PageOf page_of = [&rules](const std::string& url) { return PageOfStored(rules, url); };
    const bool is_done = apply->count() > 0;
    const std::unique_ptr<StoreAdmin> store = OpenStorage(settings, is_done ? Purpose::kChange : Purpose::kRead)();
    Report(store->RewritePages(page_of, is_done ? StoreAdmin::Rewriting::kApply : StoreAdmin::Rewriting::kDryRun),
           is_done);
    while (is_done && store->Maintain(StoreAdmin::Load::kQuiet)) {
    }
    return 0;
  });
}

}  // namespace page_count
