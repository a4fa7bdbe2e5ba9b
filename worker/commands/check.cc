#include <cstdio>

#include "worker/commands/commands.h"
#include "worker/commands/settings.h"
#include "worker/store/sqlite/sqlite_visit_store.h"

namespace page_count {
namespace {

// Prints what is wrong; says whether all is well.
bool Report(SqliteVisitStore& store) {
  const auto problems = store.Check();
  for (const std::string& problem : problems) std::printf("%s\n", problem.c_str());
  if (problems.empty()) std::puts("ok: the file is whole, and every figure agrees with the visit log");
  return problems.empty();
}

}  // namespace

int RunCheck(int argc, char** argv) {
  CLI::App app("Proves that the file is whole and that every figure agrees with the visit log; workers may run.",
               "page-count check");
  Settings settings;
  bool repair = false;
  AddDatabaseSettings(app, settings);
  app.add_flag("--repair", repair, "Make all figures anew from the visit log, then check");
  return RunCommand(app, argc, argv, [&] {
    RequireDatabase(settings);
    SqliteVisitStore store({settings.database, true, Now});
    if (repair) store.Repair();
    if (Report(store)) return 0;
    if (!repair) std::puts("page-count check --repair makes the figures anew from the visit log");
    return 1;
  });
}

}  // namespace page_count
