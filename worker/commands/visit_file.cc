#include "worker/commands/visit_file.h"

#include <algorithm>
#include <array>

#include "worker/commands/csv_records.h"
#include "worker/commands/json_records.h"
#include "worker/visits/ip_address.h"
#include "worker/visits/pseudonym.h"
#include "worker/visits/source.h"
#include "worker/visits/tracked_url.h"
#include "worker/visits/user_agent.h"

namespace page_count {
namespace {

// So many visits of one time are read ahead to learn in which order the file has them; a millisecond has no room for
// more.
constexpr size_t kMostReadAhead = 1U << 20;

// Of a batch's texts: they may be long.
constexpr size_t kMostTextBytes = 8U << 20;
constexpr size_t kPlaces = 65'536;
constexpr size_t kAgentPlaces = 4'096;
constexpr size_t kSourcePlaces = 16'384;

// What nginx reports for a client that has no address, on a Unix socket.
constexpr std::string_view kNoAddress = "unix:";

constexpr std::string_view kSpaces = " \t\r\n";
constexpr std::string_view kBlanks = "\xEF\xBB\xBF \t\r\n";  // the bytes of a byte order mark too

// A text of a stranger's in a sentence for a terminal.
std::string Quoted(std::string_view text) {
  constexpr size_t kShown = 60;
  std::string quoted = "'";
  for (const char c : text.substr(0, kShown)) quoted += static_cast<unsigned char>(c) < ' ' || c == '\x7f' ? '?' : c;
  return quoted + (text.size() > kShown ? "...'" : "'");
}

// What a file is that cannot be one of visits, and what to do; nullptr if nothing is known against it.
const char* WhyNot(std::string_view start) {
  static constexpr std::array<std::pair<std::string_view, const char*>, 9> kOthers = {{
      {std::string_view("SQLite format 3\0", 16),
       "is an SQLite database; bring its visits over with: sqlite3 -csv -header FILE 'select url, ip_address, "
       "user_agent, timestamp from visits order by id' | page-count import -"},
      {"\x28\xb5\x2f\xfd", "is compressed; zstd -dc FILE | page-count import - reads it"},
      {std::string_view("\xfd\x37zXZ\0", 6), "is compressed; xz -dc FILE | page-count import - reads it"},
      {"BZh", "is compressed; bzip2 -dc FILE | page-count import - reads it"},
      {"PK\x03\x04", "is a zip file; unzip -p FILE | page-count import - reads it"},
      {"\x1f\x8b", "is compressed twice; zcat FILE | page-count import - reads it"},
      {"\xff\xfe", "is in UTF-16; iconv -f UTF-16 -t UTF-8 FILE | page-count import - reads it"},
      {"\xfe\xff", "is in UTF-16; iconv -f UTF-16 -t UTF-8 FILE | page-count import - reads it"},
      {"<", "is HTML or XML, not what a page-count or the reference answers /all-visits with"},
  }};
  for (const auto& [bytes, what] : kOthers) {
    if (start.starts_with(bytes)) return what;
  }
  return nullptr;
}

// Whether text that begins with an object has each on a line of its own: none is broken over lines, and none is a
// document with many.
bool HasObjectALine(std::string_view start) {
  const size_t name = std::min(start.find_first_not_of(kSpaces, 1), start.size());
  const std::string_view before = start.substr(0, name);
  const std::string_view rest = start.substr(name);
  return before.find('\n') == before.npos && !rest.starts_with("\"visits\"") && !rest.starts_with("\"total_count\"");
}

std::unique_ptr<RecordReader> ReaderOf(InputText& text) {
  std::string_view start = text.Peek();
  if (const char* why_not = WhyNot(start)) throw RecordError(text.name() + " " + why_not);
  start.remove_prefix(std::min(start.find_first_not_of(kBlanks), start.size()));

  const ReadBytes read = [&text](char* to, size_t size) { return text.Read(to, size); };
  if (start.starts_with('{') && HasObjectALine(start)) {
    return std::make_unique<JsonRecords>(read, JsonRecords::Form::kLines);
  }
  if (start.starts_with('{') || start.starts_with('[')) {
    return std::make_unique<JsonRecords>(read, JsonRecords::Form::kDocuments);
  }
  return std::make_unique<CsvRecords>(read);
}

}  // namespace

VisitFile::VisitFile(RawInput& input, Clock clock, Say say)
    : text_(input),
      clock_(std::move(clock)),
      say_(std::move(say)),
      records_(ReaderOf(text_)),
      url_places_(kPlaces),
      ip_places_(kPlaces),
      agent_places_(kAgentPlaces),
      source_places_(kSourcePlaces),
      latest_(clock_() + kAheadOfClock) {}

VisitBatch VisitFile::Read(size_t most) {
  if (ahead_.empty()) ahead_.push_back(ReadBatch(most));
  for (size_t read = ahead_.back().visits.size();
       !order_ && rises_ + falls_ == 0 && !is_at_end_ && read < kMostReadAhead; read += ahead_.back().visits.size()) {
    ahead_.push_back(ReadBatch(most));
  }
  VisitBatch batch = std::move(ahead_.front());
  ahead_.pop_front();
  batch.order = NextOrder();
  return batch;
}

VisitBatch VisitFile::ReadBatch(size_t most) {
  VisitBatch batch;
  batch.visits.reserve(most);
  url_places_.Clear();
  ip_places_.Clear();
  agent_places_.Clear();
  source_places_.Clear();
  while (batch.visits.size() < most && batch.text_bytes() < kMostTextBytes && !is_at_end_) {
    try {
      is_at_end_ = !ReadVisit(batch);
    } catch (const InputError& error) {
      say_(error.what());
      is_at_end_ = is_cut_off_ = true;
    }
    if (is_at_end_) break;
    const UtcTime at = batch.visits.back().at;
    if (last_ && *last_ != at) ++(*last_ < at ? rises_ : falls_);
    last_ = at;
  }
  return batch;
}

VisitOrder VisitFile::NextOrder() {
  if (rises_ != falls_ || !order_) order_ = rises_ > falls_ ? VisitOrder::kOldestFirst : VisitOrder::kNewestFirst;
  rises_ = falls_ = 0;
  return *order_;
}

bool VisitFile::ReadVisit(VisitBatch& batch) {
  VisitRecord record;
  std::string fault;
  for (;;) {
    try {
      switch (records_->Next(record)) {
        case RecordReader::Status::kEnd:
          return false;
        case RecordReader::Status::kRefused:
          Refuse(records_->Fault());
          continue;
        case RecordReader::Status::kRecord:
          break;
      }
    } catch (const RecordError& error) {
      throw RecordError(text_.name() + " " + error.what());
    }
    if (AddVisit(record, batch, fault)) return true;
    Refuse(fault);
  }
}

// A visit's texts are put into the lists once nothing is known against it.
bool VisitFile::AddVisit(const VisitRecord& record, VisitBatch& batch, std::string& fault) {
  auto url_place = url_places_.Find(record.url);
  std::optional<TrackedUrl> url;
  if (!url_place) {
    auto parsed = TrackedUrl::Parse(record.url);
    if (!parsed) {
      fault = parsed.error().message + ": " + Quoted(record.url);
      return false;
    }
    url = std::move(*parsed);
  }
  auto ip_place = ip_places_.Find(record.ip);
  std::optional<std::string> ip;
  if (!ip_place) {
    const bool is_kept = record.ip == kNoAddress || Pseudonym::Parse(record.ip);
    ip = is_kept ? std::string(record.ip) : CanonicalIpAddress(record.ip);
    if (!ip) {
      fault = "ip " + Quoted(record.ip) + " is no IP address";
      return false;
    }
  }
  if (record.source && !source_places_.Find(*record.source) && !IsSourceText(*record.source)) {
    fault = "source " + Quoted(*record.source) + " is not as page-count writes one; a referrer's name is referrer";
    return false;
  }
  UtcTime at;
  if (!ReadTime(record.timestamp, at, fault)) return false;
  const auto put = [](TextPlaces& places, std::string_view text, TextList& list, std::string_view made) {
    const uint32_t place = list.Add(made);
    places.Put(text, place);
    return place;
  };
  if (url) url_place = put(url_places_, record.url, batch.of(Dimension::kPage), url->text());
  if (ip) ip_place = put(ip_places_, record.ip, batch.of(Dimension::kClient), *ip);
  auto agent_place = agent_places_.Find(record.user_agent);
  if (!agent_place) {
    agent_place = put(agent_places_, record.user_agent, batch.of(Dimension::kAgent), CleanUserAgent(record.user_agent));
  }
  const std::string_view page = batch.of(Dimension::kPage).texts()[*url_place];
  const uint32_t source_place = PlaceOfSource(record, page, batch.of(Dimension::kSource));
  batch.visits.push_back({{*url_place, *ip_place, *agent_place, source_place}, at});
  return true;
}

// A source that the file does not tell is made as that of a recorded visit: of the referrer, the page's host, and its
// parameters if it has any.
uint32_t VisitFile::PlaceOfSource(const VisitRecord& record, std::string_view page, TextList& sources) {
  const auto place_of = [&](std::string_view text) {
    if (const auto known = source_places_.Find(text)) return *known;
    const uint32_t place = sources.Add(text);
    source_places_.Put(text, place);
    return place;
  };
  const bool has_parameters = page.find('?') != page.npos;
  if (record.source) return place_of(*record.source);
  const bool is_exported = record.referrer.find(' ') != record.referrer.npos && IsSourceText(record.referrer);
  if (is_exported) return place_of(record.referrer);  // what export calls referrer has the campaign too
  if (record.referrer.empty() && !has_parameters) return place_of({});
  source_key_.assign(record.referrer).append("\n").append(has_parameters ? page : HostOf(page));
  if (const auto known = source_places_.Find(source_key_)) return *known;
  const uint32_t place = place_of(SourceText(record.referrer, *TrackedUrl::Parse(page)));
  source_places_.Find(source_key_);
  source_places_.Put(source_key_, place);
  return place;
}

bool VisitFile::ReadTime(std::string_view text, UtcTime& time, std::string& fault) {
  const auto parsed = ParseForeignTime(text);
  if (!parsed) {
    fault = "timestamp " + Quoted(text) + " is no time like 2025-09-14 10:30:00";
    return false;
  }
  if (*parsed > latest_) latest_ = clock_() + kAheadOfClock;
  if (*parsed > latest_) {
    fault = "timestamp " + Quoted(text) + " lies in the future, more than " + std::to_string(kAheadOfClock.count()) +
            " s; is a clock wrong?";
    return false;
  }
  time = *parsed;
  return true;
}

void VisitFile::Refuse(const std::string& fault) {
  if (++refused_ <= kSaid) say_(text_.name() + " " + records_->Place() + ": " + fault);
}

}  // namespace page_count
