// The subcommands of page-count. Each takes its own name as argv[0] and returns the process's exit status: 0 done,
// 1 failed (said on standard error), 2 called wrongly.
#ifndef PAGE_COUNT_COMMANDS_COMMANDS_H_
#define PAGE_COUNT_COMMANDS_COMMANDS_H_

#include <string_view>

namespace page_count {

struct Command {
  std::string_view name;
  std::string_view summary;
  int (*run)(int argc, char** argv);
};

int RunWorker(int argc, char** argv);
int RunCheck(int argc, char** argv);
int RunImport(int argc, char** argv);
int RunExport(int argc, char** argv);
int RunSql(int argc, char** argv);
int RunBackup(int argc, char** argv);
int RunRestore(int argc, char** argv);
int RunCleanup(int argc, char** argv);
int RunRewrite(int argc, char** argv);
int RunGeo(int argc, char** argv);
int RunVersion(int argc, char** argv);

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_COMMANDS_H_
