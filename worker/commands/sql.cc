#include <string>
#include <string_view>

#include "worker/commands/commands.h"
#include "worker/commands/open_storage.h"
#include "worker/commands/output.h"
#include "worker/commands/settings.h"
#include "worker/endpoints/export_format.h"

namespace page_count {
namespace {

constexpr char kDescription[] =
    "Runs one SQL statement that reads, and prints what it returns as CSV with a header; workers may run.\n\n"
    "  page-count sql \"select url, count(*) from visits where timestamp >= '2026-11-01' group by url\"\n\n"
    "The table visits (id, url, ip_address, user_agent, timestamp) has every visit; the file's own tables are there "
    "too.\n"
    "A null is an empty field, a blob x'…' in hexadecimal, and what a spreadsheet would run as a formula is made a "
    "text,\n"
    "as in an export.\n";

void AppendBlob(std::string_view bytes, std::string& text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  text += "x'";
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += kDigits[value >> 4];
    text += kDigits[value & 0xF];
  }
  text += '\'';
}

void AppendValue(const SqlValue& value, std::string& text) {
  switch (value.kind) {
    case SqlValue::Kind::kNull:
      break;
    case SqlValue::Kind::kNumber:
      text += value.bytes;
      break;
    case SqlValue::Kind::kText:
      if (value.bytes.empty()) text += "\"\"";  // no null
      AppendCsvField(value.bytes, text);
      break;
    case SqlValue::Kind::kBlob:
      AppendBlob(value.bytes, text);
      break;
  }
}

}  // namespace

int RunSql(int argc, char** argv) {
  CLI::App app(kDescription, "page-count sql");
  Settings settings;
  std::string sql;
  AddDatabaseSettings(app, settings);
  app.add_option("STATEMENT", sql, "The statement")->required();
  return RunCommand(app, argc, argv, [&] {
    std::string line;
    QueryStorage(settings, sql, [&line](std::span<const SqlValue> row) {
      line.clear();
      for (const SqlValue& value : row) {
        if (&value != row.data()) line += ',';
        AppendValue(value, line);
      }
      Print(line += "\r\n");
    });
    return 0;
  });
}

}  // namespace page_count
