#include <sys/stat.h>

#include <cstdio>
#include <stdexcept>
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
  umask(0077);  // visits are not for everybody on this machine to read
  NewFile file(name);
  if (file.found_leftover()) {
    std::fprintf(stderr, "page-count: %s was left behind by a backup that was killed; it is used anew\n",
                 file.partial().c_str());
  }
  int64_t visits = 0;
  try {
    visits = open_store()->Backup(file.partial());
  } catch (const CopyError& error) {
    throw std::runtime_error("cannot write " + name + ": " + error.what());
  }
  file.Finish();
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
