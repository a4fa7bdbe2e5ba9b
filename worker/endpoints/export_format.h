// The formats in which visits are exported: JSON, JSON Lines and CSV (RFC 4180).
#ifndef PAGE_COUNT_ENDPOINTS_EXPORT_FORMAT_H_
#define PAGE_COUNT_ENDPOINTS_EXPORT_FORMAT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "worker/endpoints/visit_fields.h"
#include "worker/store/visit_reader.h"

namespace page_count {

// Whether the export prefixes a CSV field with "'", as a spreadsheet would run it as a formula. So that taking one away
// gives back what was there, it does so too if the field has such prefixes of its own.
bool IsCsvFormula(std::string_view field);

// Adds a field of a CSV record, quoted if it has to be.
void AppendCsvField(std::string_view field, std::string& text);

struct ExportFormat {
  std::string_view name;
  std::string_view content_type;
  std::string (*head)(const VisitFields& fields);
  std::string_view separator;  // between visits
  void (*append)(const VisitFields& fields, const LoggedVisit& visit, std::string& text);
  // `next` is the id that a scan after another goes on after.
  std::string (*foot)(int64_t visits, std::optional<int64_t> next);
};

// nullptr if there is no format of this name.
const ExportFormat* FindExportFormat(std::string_view name);

// An export under way: makes the text a chunk at a time, and holds nothing open in between. A value.
class VisitExport {
 public:
  VisitExport(const ScanRange& range, const ExportFormat& format, VisitFields fields = {});

  // Of a range after a visit, before the first Next: settles up to which one it goes, and returns that one's id, after
  // which the next export goes on. Without it the export has no end of its own.
  int64_t SettleEnd(VisitReader& store);

  // Adds the next visits to the text, and what belongs around them; false once that was the last.
  bool Next(VisitReader& store, std::string& text);

 private:
  const ExportFormat* format_;
  VisitFields fields_;
  ScanCursor cursor_;
  std::optional<int64_t> end_;
  bool has_begun_ = false;
  int64_t visits_ = 0;
};

// Takes the next chunk of an export; false once there is nobody to take more.
using WriteBody = std::function<bool(std::string_view)>;

// Writes the visits chunk by chunk as they are read; ends early once the reader is gone.
void StreamVisits(VisitReader& store, VisitExport visits, const WriteBody& write);

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_EXPORT_FORMAT_H_
