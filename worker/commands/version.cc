#include "worker/commands/commands.h"
#include "worker/commands/output.h"
#include "worker/commands/settings.h"

namespace page_count {

int RunVersion(int, char**) {
  return Finish([] {
    Print("page-count " PAGE_COUNT_VERSION "\n");
    return 0;
  });
}

}  // namespace page_count
