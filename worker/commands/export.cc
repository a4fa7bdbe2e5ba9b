#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

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
    "With --after ID it writes those after that visit, oldest first: give it the id that you have last (--fields\n"
    "id,url,...; `next` of a JSON document), and you miss none and get none twice.\n\n"
    "With --format sqlite it writes them into FILE instead, oldest first: a plain SQLite file with the table visits\n"
    "(id, url, ip_address, user_agent, timestamp), for any program that reads SQLite. It is synced before it gets its\n"
    "name: until then it is FILE.partial.\n";

constexpr char kSqlite[] = "sqlite";
constexpr int64_t kAfterAllIds = std::numeric_limits<int64_t>::max();

VisitFields FieldsOf(const std::string& names) {
  if (names.empty()) return {};
  auto fields = VisitFields::Parse(names);
  if (!fields) throw UnfitSettings("--fields '" + names + "': " + fields.error());
  return std::move(*fields);
}

std::optional<int64_t> IdOf(const std::string& text) {
  if (text.empty()) return std::nullopt;
  int64_t id = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error == std::errc() && end == text.data() + text.size() && id >= 0 && id < kAfterAllIds) return id;
  throw UnfitSettings("--after '" + text + "' is no id of a visit; give a whole number, or 0 to begin with the oldest");
}

void ExportText(const Settings& settings, const std::string& format, std::optional<int64_t> after,
                const VisitFields& fields) {
  const auto purpose = fields.attributes().empty() ? Purpose::kRead : Purpose::kReadAttributes;
  const std::unique_ptr<VisitReader> store = OpenStorage(settings, purpose)();
  VisitExport visits({.after = after}, *FindExportFormat(format), fields);
  if (after) visits.SettleEnd(*store);
  StreamVisits(*store, std::move(visits), [](std::string_view chunk) {
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
  std::string fields;
  std::string after;
  AddDatabaseSettings(app, settings);
  AddAttributeSettings(app, settings);
  app.add_option("--format", format, "json, jsonl, csv or sqlite")
      ->capture_default_str()
      ->check(CLI::IsMember({"json", "jsonl", "csv", kSqlite}));
  app.add_option("--fields", fields,
                 "Names with commas between them: url, ip, user_agent, timestamp (these by default), id, referrer, "
                 "title, country, browser, system, bot");
  app.add_option("--after", after, "The id of a visit: only those after it, oldest first");
  app.add_option("FILE", file, "With --format sqlite, and only then: the new file; must not exist");
  return RunCommand(app, argc, argv, [&] {
    if (file.empty() == (format == kSqlite)) {
      throw UnfitSettings(file.empty() ? "--format sqlite needs a FILE to write to"
                                       : "FILE goes with --format sqlite; other formats go to standard output");
    }
    if (format == kSqlite && !(fields.empty() && after.empty())) {
      throw UnfitSettings("--fields and --after are not for --format sqlite, which has every visit and its id");
    }
    if (format == kSqlite) {
      ExportFile(settings, file);
    } else {
      ExportText(settings, format, IdOf(after), FieldsOf(fields));
    }
    return 0;
  });
}

}  // namespace page_count
