#include <sys/stat.h>

#include <cstdio>

#include "worker/commands/commands.h"
#include "worker/commands/settings.h"
#include "worker/store/sqlite/sqlite_visit_store.h"

namespace page_count {

int RunBackup(int argc, char** argv) {
  CLI::App app("Copies the database into a new file; workers may run.", "page-count backup");
  Settings settings;
  std::string file;
  AddDatabaseSettings(app, settings);
  app.add_option("FILE", file, "The copy; must not exist")->required();
  return RunCommand(app, argc, argv, [&] {
    RequireDatabase(settings);
    umask(0077);  // visits are not for everybody on this machine to read
    SqliteVisitStore({settings.database, true, Now}).Backup(file);
    std::printf("copied %s to %s\n", settings.database.c_str(), file.c_str());
    return 0;
  });
}

}  // namespace page_count
