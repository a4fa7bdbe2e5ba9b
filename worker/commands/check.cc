#include "worker/commands/commands.h"
#include "worker/commands/open_attributes.h"
#include "worker/commands/open_storage.h"
#include "worker/commands/output.h"
#include "worker/commands/settings.h"

namespace page_count {
namespace {

void Repair(const Settings& settings) { OpenStorage(settings, Purpose::kChange)()->Repair(); }

// Prints what is wrong; says whether all is well.
bool Report(const Settings& settings) {
  const std::unique_ptr<StoreAdmin> store = OpenStorage(settings, Purpose::kRead)();
  const auto problems = store->Check();
  for (const std::string& problem : problems) Print(problem + '\n');
  if (problems.empty()) {
    Print("ok: the file is whole, and every figure agrees with the visit log (" + std::to_string(store->Count()) +
          " visits)\n");
    Print(DescribeCountryDatabase(settings) + '\n');
  }
  return problems.empty();
}

}  // namespace

int RunCheck(int argc, char** argv) {
  CLI::App app("Proves that the file is whole and that every figure agrees with the visit log; workers may run.",
               "page-count check");
  Settings settings;
  bool repair = false;
  AddDatabaseSettings(app, settings);
  AddAttributeSettings(app, settings);
  app.add_flag("--repair", repair, "Make all figures anew from the visit log, then check");
  return RunCommand(app, argc, argv, [&] {
    if (repair) Repair(settings);
    if (Report(settings)) return 0;
    if (!repair) Print("page-count check --repair makes the figures anew from the visit log\n");
    return 1;
  });
}

}  // namespace page_count
