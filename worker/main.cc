// page-count: the subcommands by name.
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <string_view>

#include "worker/base/uncaught.h"
#include "worker/commands/commands.h"
#include "worker/commands/output.h"
#include "worker/commands/settings.h"

int main(int argc, char** argv) {
  using page_count::Command;
  page_count::LogUncaughtExceptions();
  page_count::PrepareStreams();
  constexpr std::array<Command, 11> kCommands = {{
      {"worker", "answers requests; what spawn-fcgi starts", page_count::RunWorker},
      {"check", "proves that file, log and figures agree", page_count::RunCheck},
      {"import", "adds visits from a file: CSV, JSON Lines or JSON", page_count::RunImport},
      {"export", "writes all visits as CSV, JSON Lines or an SQLite file", page_count::RunExport},
      {"sql", "runs an SQL statement that reads, and prints CSV", page_count::RunSql},
      {"backup", "copies the database while workers run", page_count::RunBackup},
      {"restore", "puts a backup in the database's place", page_count::RunRestore},
      {"cleanup", "deletes visits older than so many days, or later than a time", page_count::RunCleanup},
      {"rewrite", "applies the page rules to what is stored already", page_count::RunRewrite},
      {"geo", "says where countries come from, and looks them up anew", page_count::RunGeo},
      {"version", "prints the version", page_count::RunVersion},
  }};
  const std::string_view name = argc > 1 ? argv[1] : "";
  for (const Command& command : kCommands) {
    if (command.name == name) return command.run(argc - 1, argv + 1);
  }
  std::string usage = "usage: page-count COMMAND [OPTIONS]; page-count COMMAND --help says which\n\n";
  for (const Command& command : kCommands) {
    usage.append("  ").append(command.name).append(9 - command.name.size(), ' ').append(command.summary).append("\n");
  }
  if (name != "--help" && name != "-h") {
    std::fputs(usage.c_str(), stderr);
    return 2;
  }
  return page_count::Finish([&usage] {
    page_count::Print(usage);
    return 0;
  });
}
