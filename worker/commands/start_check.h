// What is looked at before the workers start, so that a fault of the installation is one line that says what to change
// and where, not a pool that cannot start.
//
// `page-count worker` without a listening socket makes the check: the unit and nginx/serve do so, as the user that the
// workers will have. Run as root, it becomes the owner of the database's folder first, so that it finds what they would
// find and leaves no file of root's there. One thread, at the start of a process.
#ifndef PAGE_COUNT_COMMANDS_START_CHECK_H_
#define PAGE_COUNT_COMMANDS_START_CHECK_H_

#include "worker/commands/settings.h"

namespace page_count {

// Whether the database's files can be written and the rate limiter can be opened. Throws UnfitSettings if not.
void CheckStart(const Settings& settings);

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_START_CHECK_H_
