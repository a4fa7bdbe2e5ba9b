#include <string>

#include "worker/commands/commands.h"
#include "worker/commands/new_file.h"
#include "worker/commands/open_storage.h"
#include "worker/commands/output.h"
#include "worker/commands/settings.h"

namespace page_count {
namespace {

void Backup(const Settings& settings, const std::string& name) {
  const OpenStore open_store = OpenStorage(settings, Purpose::kRead);
  const int64_t visits =
      WriteNewFile(name, [&open_store](const std::string& partial) { return open_store()->Backup(partial); });
  Print("copied " + settings.database + " to " + name + " (" + std::to_string(visits) + " visits)\n");
}

}  // namespace

int RunBackup(int argc, char** argv) {
  CLI::App app(
      "Copies the database into a new file; workers may run. The copy is read back and synced before it gets its name: "
      "until then it is FILE.partial.",
      "page-count backup");
  Settings settings;
  std::string file;
  AddDatabaseSettings(app, settings);
  app.add_option("FILE", file, "The copy; must not exist")->required();
  return RunCommand(app, argc, argv, [&] {
    Backup(settings, file);
    return 0;
  });
}

}  // namespace page_count
