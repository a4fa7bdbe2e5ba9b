#include <limits>
#include <utility>

#include "worker/endpoints/endpoints.h"
#include "worker/endpoints/export_format.h"
#include "worker/endpoints/next_link.h"
#include "worker/endpoints/query_parameters.h"
#include "worker/endpoints/time_parameter.h"
#include "worker/http/query_string.h"

namespace page_count {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;

constexpr int64_t kLastId = std::numeric_limits<int64_t>::max() - 1;

// range=A,B: A inclusive, B exclusive.
Result<std::optional<ScanRange>, InvalidInput> ReadRange(const QueryString& query) {
  const auto text = query.ReadText("range");
  if (!text) return text.error();
  if (!*text) return std::optional<ScanRange>();
  const size_t comma = (*text)->find(',');
  if (comma != std::string::npos) {
    const auto from = ParseUtcTime((*text)->substr(0, comma));
    const auto before = ParseUtcTime((*text)->substr(comma + 1));
    if (from && before) return std::optional(ScanRange{.from = from, .before = before});
  }
  return InvalidInput{{"query", "range"},
                      "Input should be two times that exist, like 2025-09-14,2025-09-15 10:30:00",
                      "datetime_parsing"};
}

// start_date and end_date (both days inclusive) and since (exclusive).
Result<ScanRange, InvalidInput> ReadDates(const QueryString& query) {
  const auto first_day = ReadTime(query, "start_date", ParseWrittenDay);
  if (!first_day) return first_day.error();
  const auto last_day = ReadTime(query, "end_date", ParseWrittenDay);
  if (!last_day) return last_day.error();
  const auto since = ReadTime(query, "since", ParseUtcTime);
  if (!since) return since.error();
  ScanRange range;
  if (*first_day) range.from = **first_day;
  if (*last_day) range.before = **last_day + days(1);
  if (*since) range.from = std::max(range.from.value_or(UtcTime()), **since + milliseconds(1));
  return range;
}

Result<ScanRange, InvalidInput> ReadScanRange(const QueryString& query) {
  const auto named_range = ReadRange(query);
  if (!named_range) return named_range.error();
  auto range = *named_range ? Result<ScanRange, InvalidInput>(**named_range) : ReadDates(query);
  if (!range) return range;
  const auto limit = query.ReadCount("limit");
  if (!limit) return limit.error();
  const auto offset = query.ReadCount("offset");
  if (!offset) return offset.error();
  const auto after = query.ReadInteger("after", 0, kLastId);
  if (!after) return after.error();
  if (*after && *offset && **offset > 0) {
    return InvalidInput{{"query", "offset"}, "Input is not for 'after', which is where to go on", "value_error"};
  }
  const auto bots = ReadBots(query);
  if (!bots) return bots.error();
  range->bots = *bots;
  range->after = *after;
  range->limit = *limit;
  range->offset = offset->value_or(0);
  return range;
}

Result<VisitFields, InvalidInput> ReadFields(const QueryString& query) {
  const auto names = query.ReadText("fields");
  if (!names) return names.error();
  if (!*names) return VisitFields();
  auto fields = VisitFields::Parse(**names);
  if (!fields) return InvalidInput{{"query", "fields"}, fields.error(), "enum"};
  return std::move(*fields);
}

}  // namespace

// GET /all-visits: exports visits, newest first, or after a visit oldest first, as a stream that goes as fast as its
// reader.
EndpointResult GetAllVisits(const Request& request, const Service&) {
  const QueryString query(request.query);
  const auto range = ReadScanRange(query);
  if (!range) return UnprocessableEntity(range.error());
  const auto format = query.ReadText("format");
  if (!format) return UnprocessableEntity(format.error());
  const ExportFormat* export_format = FindExportFormat(format->value_or("json"));
  if (export_format == nullptr) {
    return UnprocessableEntity(InvalidInput{{"query", "format"}, "Input should be 'json', 'jsonl' or 'csv'", "enum"});
  }

  const auto fields = ReadFields(query);
  if (!fields) return UnprocessableEntity(fields.error());

  const auto run = [visits = VisitExport(*range, *export_format, *fields), type = export_format->content_type,
                    is_page = range->after.has_value(),
                    parameters = std::string(request.query)](VisitReader& reader) mutable {
    StreamedResponse response;
    response.head.content_type = type;
    if (is_page) {
      std::string link = NextLink(parameters, visits.SettleEnd(reader));
      if (!link.empty()) response.head.headers.emplace_back("Link", std::move(link));
    }
    response.next_chunk = [visits](VisitReader& store, std::string& text) mutable { return visits.Next(store, text); };
    return response;
  };
  return BackgroundJob{.run = run, .kind = BackgroundJob::Kind::kExport};
}

}  // namespace page_count
