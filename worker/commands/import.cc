#include "worker/commands/commands.h"
#include "worker/commands/open_storage.h"
#include "worker/commands/output.h"
#include "worker/commands/settings.h"
#include "worker/commands/visit_file.h"

namespace page_count {
namespace {

constexpr size_t kVisitsAtOnce = 65'536;

constexpr char kDescription[] =
    "Adds the visits of a file, with their times; workers may run. Importing a file twice counts its visits twice.\n\n"
    "The file is CSV with a header, JSON Lines or JSON, as /all-visits, `page-count export` and the reference write\n"
    "them, in UTF-8, gzip'd or not; it may be a pipe. Columns and members are url, ip (or ip_address), user_agent and\n"
    "timestamp, in any order, among others. Where a visitor came from is source as page-count has it, or else\n"
    "worked out of referrer and the campaign in url. A time is UTC unless it has an offset; up to 60 s ahead of the\n"
    "clock is taken. Visits of one second keep their order, be the file newest or oldest first.\n\n"
    "What is no visit is refused, the rest is imported: the first ten are named with their lines and reasons, and the\n"
    "status is 1. It is 0 if all was imported.\n";

void Say(const std::string& sentence) { std::fprintf(stderr, "page-count: %s\n", sentence.c_str()); }

// Says what came of it beside what was said already; whether all is well.
bool IsGood(const VisitFile& file, const char* consequence) {
  const std::string refused = std::to_string(file.refused()) + (file.refused() == 1 ? " record was" : " records were") +
                              " refused" + (file.refused() > VisitFile::kSaid ? ", the first ten are named" : "");
  if (file.refused() > 0) Say(refused + "; " + consequence);
  if (file.is_cut_off()) Say(std::string("the file cannot be read any further; ") + consequence);
  return file.refused() == 0 && !file.is_cut_off();
}

bool IsFaultless(RawInput& input) {
  VisitFile file(input, Now, Say);
  while (!file.Read(kVisitsAtOnce).visits.empty()) {
  }
  return IsGood(file, "nothing is imported");
}

int Import(StoreAdmin& store, const std::string& path, bool strict) {
  RawInput input(path, strict ? RawInput::Passes::kTwo : RawInput::Passes::kOne);
  if (strict) {
    if (!IsFaultless(input)) return 1;
    input.Rewind();
  }
  VisitFile file(input, Now, Say);
  size_t imported = 0;
  VisitBatch next = file.Read(kVisitsAtOnce);
  if (!next.visits.empty()) {
    store.Import([&] {
      VisitBatch batch = std::exchange(next, {});
      if (batch.visits.empty()) batch = file.Read(kVisitsAtOnce);
      imported += batch.visits.size();
      return batch;
    });
  }
  Print(std::to_string(imported) + " visits imported\n");
  return IsGood(file, "all else is imported") ? 0 : 1;
}

}  // namespace

int RunImport(int argc, char** argv) {
  CLI::App app(kDescription, "page-count import");
  Settings settings;
  std::string file;
  bool strict = false;
  AddDatabaseSettings(app, settings);
  app.add_option("FILE", file, "The file; - is standard input")->required();
  app.add_flag("--strict", strict, "Import nothing if anything would be refused");
  return RunCommand(app, argc, argv, [&] { return Import(*OpenStorage(settings, Purpose::kImport)(), file, strict); });
}

}  // namespace page_count
