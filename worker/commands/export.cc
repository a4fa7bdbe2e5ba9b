#include "worker/commands/commands.h"
#include "worker/commands/open_storage.h"
#include "worker/commands/output.h"
#include "worker/commands/settings.h"
#include "worker/endpoints/export_format.h"

namespace page_count {

int RunExport(int argc, char** argv) {
  CLI::App app("Writes all visits to standard output, newest first; workers may run.", "page-count export");
  Settings settings;
  std::string format = "jsonl";
  AddDatabaseSettings(app, settings);
  app.add_option("--format", format, "json, jsonl or csv")
      ->capture_default_str()
      ->check(CLI::IsMember({"json", "jsonl", "csv"}));
  return RunCommand(app, argc, argv, [&] {
    const std::unique_ptr<VisitReader> store = OpenStorage(settings, Purpose::kRead)();
    StreamVisits(*store, {}, *FindExportFormat(format), [](std::string_view chunk) {
      Print(chunk);
      return true;
    });
    return 0;
  });
}

}  // namespace page_count
