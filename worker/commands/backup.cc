#include <sys/stat.h>

#include <cstdio>
#include <stdexcept>
#include <string>

#include "worker/commands/commands.h"
#include "worker/commands/existing_file.h"
#include "worker/commands/new_file.h"
#include "worker/commands/output.h"
#include "worker/commands/settings.h"
#include "worker/store/sqlite/sqlite_visit_store.h"

namespace page_count {
namespace {

std::string Said(std::optional<int64_t> visits) { return visits ? " (" + std::to_string(*visits) + " visits)" : ""; }

void Backup(const std::string& database, const std::string& name) {
  RequireFile(database);
  umask(0077);  // visits are not for everybody on this machine to read
  NewFile file(name);
  if (file.found_leftover()) {
    std::fprintf(stderr, "page-count: %s was left behind by a backup that was killed; it is used anew\n",
                 file.partial().c_str());
  }
  std::optional<int64_t> visits;
  try {
    visits = SqliteVisitStore({database, true, Now, FileAccess::kRead}).Backup(file.partial());
  } catch (const CopyError& error) {
    throw std::runtime_error("cannot write " + name + ": " + error.what());
  }
  file.Finish();
  Print("copied " + database + " to " + name + Said(visits) + '\n');
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
    Backup(settings.database, file);
    return 0;
  });
}

}  // namespace page_count
