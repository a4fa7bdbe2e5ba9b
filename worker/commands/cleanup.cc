#include <stdexcept>

#include "worker/commands/commands.h"
#include "worker/commands/open_storage.h"
#include "worker/commands/output.h"
#include "worker/commands/settings.h"

namespace page_count {
namespace {

constexpr char kDescription[] =
    "Deletes visits older than so many days from the log and every figure; workers may run.\n\n"
    "With --after it deletes the newest instead. After a clock that was ahead is right again, new visits have the "
    "time\n"
    "of the newest one until that time has come, as time never goes back; with those visits gone they have the "
    "clock's\n"
    "time again. To keep them, export first, and import them with other times. Visits that are recorded meanwhile go\n"
    "too, and whoever polls with ?since= a time that is gone must begin anew.\n";

constexpr size_t kDayLength = sizeof("2025-09-14") - 1;

// The first time that comes after `text`, which denotes a whole second or a whole day.
UtcTime EndOf(const std::string& text) {
  const auto time = ParseForeignTime(text);
  if (!time) throw std::runtime_error("--after: '" + text + "' is no time like 2025-09-14T10:30:00 or 2025-09-14");
  if (text.size() == kDayLength) return *time + std::chrono::days(1);
  return std::chrono::floor<std::chrono::seconds>(*time) + std::chrono::seconds(1);
}

void CleanUpOld(StoreAdmin& store, int days) {
  const UtcTime cutoff = Now() - std::chrono::days(days);
  Print(std::to_string(store.PruneBefore(cutoff)) + " visits before " + FormatSpaced(cutoff) + " deleted\n");
}

void CleanUpAfter(StoreAdmin& store, UtcTime end) {
  Print(std::to_string(store.PruneFrom(end)) + " visits at " + FormatSpaced(end) +
        " or later deleted; new visits have the clock's time\n");
}

}  // namespace

int RunCleanup(int argc, char** argv) {
  CLI::App app(kDescription, "page-count cleanup");
  Settings settings;
  int days = 30;
  std::string after;
  AddDatabaseSettings(app, settings);
  CLI::Option* const days_option =
      app.add_option("--days", days, "How old a visit must be")->capture_default_str()->check(CLI::Range(1, 36'500));
  const CLI::Option* const after_option =
      app.add_option("--after", after,
                     "Delete what is later than this second (2025-09-14T10:30:00, UTC) or day instead")
          ->excludes(days_option);
  return RunCommand(app, argc, argv, [&] {
    const auto end = after_option->count() == 0 ? std::nullopt : std::optional(EndOf(after));
    const std::unique_ptr<StoreAdmin> store = OpenStorage(settings, Purpose::kChange)();
    if (end) {
      CleanUpAfter(*store, *end);
    } else {
      CleanUpOld(*store, days);
    }
    while (store->Maintain(StoreAdmin::Load::kQuiet)) {
    }
    return 0;
  });
}

}  // namespace page_count
