#include "worker/commands/commands.h"
#include "worker/commands/open_storage.h"
#include "worker/commands/output.h"
#include "worker/commands/settings.h"

namespace page_count {

int RunRestore(int argc, char** argv) {
  CLI::App app(
      "Puts a backup in the database's place. Stop page-count first. The backup is checked and stays as it is; the old "
      "database and its log are kept under another name. Run it as root or as the user that page-count runs as.",
      "page-count restore");
  Settings settings;
  std::string file;
  AddDatabaseSettings(app, settings);
  app.add_option("FILE", file, "The backup")->required();
  return RunCommand(app, argc, argv, [&] {
    const RestoredStorage restored = RestoreStorage(settings, file);
    Print("restored " + settings.database + " from " + file + ": " + std::to_string(restored.visits) + " visits\n");
    if (!restored.kept_as.empty()) Print("what was there before is kept as " + restored.kept_as + '\n');
    return 0;
  });
}

}  // namespace page_count
