#include "worker/commands/commands.h"
#include "worker/commands/existing_file.h"
#include "worker/commands/output.h"
#include "worker/commands/settings.h"
#include "worker/store/sqlite/sqlite_visit_store.h"

namespace page_count {

int RunCleanup(int argc, char** argv) {
  CLI::App app("Deletes visits older than so many days from the log and every figure; workers may run.",
               "page-count cleanup");
  Settings settings;
  int days = 30;
  AddDatabaseSettings(app, settings);
  app.add_option("--days", days, "How old a visit must be")->capture_default_str()->check(CLI::Range(1, 36'500));
  return RunCommand(app, argc, argv, [&] {
    RequireFile(settings.database, Schema::kAny);
    SqliteVisitStore store({settings.database, true, Now, AccessForChanges(settings.database)});
    const UtcTime cutoff = Now() - std::chrono::days(days);
    Print(std::to_string(store.Cleanup(cutoff)) + " visits before " + FormatSpaced(cutoff) + " deleted\n");
    return 0;
  });
}

}  // namespace page_count
