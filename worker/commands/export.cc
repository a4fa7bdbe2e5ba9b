#include <string>

#include "worker/commands/commands.h"
#include "worker/commands/new_file.h"
#include "worker/commands/open_storage.h"
#include "worker/commands/output.h"
#include "worker/commands/settings.h"
#include "worker/endpoints/export_format.h"

namespace page_count {
namespace {

constexpr char kDescription[] =
    "Writes all visits to standard output, newest first; workers may run.\n\n"
    "With --format sqlite it writes them into FILE instead, oldest first: a plain SQLite file with the table visits\n"
    "(id, url, ip_address, user_agent, timestamp), for any program that reads SQLite. It is synced before it gets its\n"
    "name: until then it is FILE.partial.\n";

constexpr char kSqlite[] = "sqlite";

void ExportText(const Settings& settings, const std::string& format) {
  const std::unique_ptr<VisitReader> store = OpenStorage(settings, Purpose::kRead)();
  StreamVisits(*store, {}, *FindExportFormat(format), [](std::string_view chunk) {
    Print(chunk);
    return true;
  });
}

void ExportFile(const Settings& settings, const std::string& file) {
  const int64_t visits = WriteNewFile(file, OpenPlainExport(settings));
  Print("wrote " + std::to_string(visits) + " visits to " + file + "\n");
}

}  // namespace

int RunExport(int argc, char** argv) {
  CLI::App app(kDescription, "page-count export");
  Settings settings;
  std::string format = "jsonl";
  std::string file;
  AddDatabaseSettings(app, settings);
  app.add_option("--format", format, "json, jsonl, csv or sqlite")
      ->capture_default_str()
      ->check(CLI::IsMember({"json", "jsonl", "csv", kSqlite}));
  app.add_option("FILE", file, "With --format sqlite, and only then: the new file; must not exist");
  return RunCommand(app, argc, argv, [&] {
    if (file.empty() == (format == kSqlite)) {
      throw UnfitSettings(file.empty() ? "--format sqlite needs a FILE to write to"
                                       : "FILE goes with --format sqlite; other formats go to standard output");
    }
    if (format == kSqlite) {
      ExportFile(settings, file);
    } else {
      ExportText(settings, format);
    }
    return 0;
  });
}

}  // namespace page_count
