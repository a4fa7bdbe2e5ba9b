#include <sys/stat.h>

#include <cstdio>
#include <stdexcept>
#include <string>

#include "worker/commands/commands.h"
#include "worker/commands/existing_file.h"
#include "worker/commands/new_file.h"
#include "worker/commands/output.h"
#include "worker/commands/settings.h"
#include "worker/store/sqlite/engine/file_kind.h"
#include "worker/store/sqlite/sqlite_visit_store.h"
#include "worker/store/sqlite/tools/file_copy.h"

namespace page_count {
namespace {

SqliteVisitStore OpenForReading(const std::string& path) {
  return SqliteVisitStore({path, true, Now, FileAccess::kRead});
}

// Opens the copy and reads all of it. Returns how many visits it holds.
int64_t Verify(const std::string& copy) {
  const FoundFile found = LookAtFile(copy);
  if (found.kind != FileKind::kCurrent) throw StoreError(found.sentence);
  SqliteVisitStore store = OpenForReading(copy);
  const auto damage = store.CheckFile();
  if (!damage.empty()) throw StoreError(damage.front());
  return store.Count();
}

void Backup(const std::string& database, const std::string& name) {
  RequireFile(database);
  umask(0077);  // visits are not for everybody on this machine to read
  NewFile file(name);
  if (file.found_leftover()) {
    std::fprintf(stderr, "page-count: %s was left behind by a backup that was killed; it is used anew\n",
                 file.partial().c_str());
  }
  try {
    OpenForReading(database).Backup(file.partial());
  } catch (const CopyError& error) {
    throw std::runtime_error("cannot write " + name + ": " + error.what());
  }
  int64_t visits = 0;
  try {
    visits = Verify(file.partial());
  } catch (const StoreError& error) {
    throw std::runtime_error("cannot write " + name + ": the copy is not as it was written: " + error.what());
  }
  file.Finish();
  Print("copied " + database + " to " + name + " (" + std::to_string(visits) + " visits)\n");
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
