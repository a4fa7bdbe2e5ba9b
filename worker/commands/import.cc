#include "worker/commands/commands.h"
#include "worker/commands/existing_file.h"
#include "worker/commands/output.h"
#include "worker/commands/settings.h"
#include "worker/commands/visit_file.h"
#include "worker/store/sqlite/sqlite_visit_store.h"

namespace page_count {
namespace {

constexpr size_t kVisitsAtOnce = 200'000;

int Import(SqliteVisitStore& store, const std::string& path) {
  VisitFile file(path, Now());
  // The whole file is read before any of it is imported: a bad line leaves everything as it was.
  file.CheckRest();
  file.Rewind();
  size_t imported = 0;
  store.Import([&] {
    auto visits = file.Read(kVisitsAtOnce);
    imported += visits.size();
    return visits;
  });
  Print(std::to_string(imported) + " visits imported\n");
  return 0;
}

}  // namespace

int RunImport(int argc, char** argv) {
  CLI::App app(
      "Adds the visits of a CSV or JSON Lines file (what /all-visits and export write), with their times; workers may "
      "run. Importing a file twice counts its visits twice.",
      "page-count import");
  Settings settings;
  std::string file;
  AddDatabaseSettings(app, settings);
  app.add_option("FILE", file, "The file")->required();
  return RunCommand(app, argc, argv, [&] {
    RefuseForeignFile(settings.database);
    SqliteVisitStore store({settings.database, true, Now});
    return Import(store, file);
  });
}

}  // namespace page_count
