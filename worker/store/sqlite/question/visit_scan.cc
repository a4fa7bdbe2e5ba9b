#include "worker/store/sqlite/question/visit_scan.h"

#include <algorithm>

#include "worker/store/sqlite/log/client_address.h"
#include "worker/store/sqlite/log/visit_log.h"

namespace page_count {
namespace {

using Bots = Question::Bots;

constexpr size_t kManyOf = 8;  // more than one in so many of a block's visits

struct ClientId {
  static constexpr size_t kIntegers = 1;

  int64_t id;
};

// `bot` is what an agent is known as a bot by.
bool IsWantedOf(Bots bots, std::string_view bot) {
  return bots == Bots::kInclude || bot.empty() == (bots == Bots::kExclude);
}

}  // namespace

VisitScan::VisitScan(Connection& connection, TextReader& texts, AttributeLookup& attributes)
    : texts_(texts),
      attributes_(attributes),
      blocks_(connection),
      state_(connection),
      newest_(connection, "visit_newest(from_id, before_id) -> id, page_id, agent_id, source_id, ip"),
      oldest_(connection, kVisitRange),
      addresses_(connection, "client_addresses(rows(row, id)) -> row, address") {}

bool VisitScan::Run(Range range, const Take& take) {
  titles_.clear();
  const bool is_newest_first = range.order == Order::kNewestFirst;
  if (is_newest_first && !RunTail(range, take)) return false;
  const auto blocks = blocks_.Find(range.from, range.before);
  const auto run = [&](const Block& block) { return RunBlock(block, range, take); };
  if (is_newest_first) return std::all_of(blocks.rbegin(), blocks.rend(), run);
  return std::all_of(blocks.begin(), blocks.end(), run) && RunTail(range, take);
}

bool VisitScan::RunTail(Range& range, const Take& take) {
  const VisitId from = std::max(range.from, state_.Read().sealed_watermark + 1);
  Rows rows = range.order == Order::kNewestFirst ? newest_.Run(from, range.before)
                                                 : oldest_.Run(from, range.before, int64_t{-1});
  while (rows.Next()) {
    if (!RunTailRow(rows, range, take)) return false;
  }
  return true;
}

bool VisitScan::RunTailRow(const Rows& row, Range& range, const Take& take) {
  const VisitId id = row.Int(0);
  TextIds texts = {row.Int(1), 0, row.Int(2), row.Int(3)};
  if (range.page && texts[IndexOf(Dimension::kPage)] != *range.page) return true;
  const int64_t agent = texts[IndexOf(Dimension::kAgent)];
  if (range.bots != Bots::kInclude && !IsWantedOf(range.bots, attributes_.ValueOf(Dimension::kBot, agent))) return true;
  if (range.skip > 0) {
    --range.skip;
    return true;
  }
  LoggedVisit visit = Read(range, texts, id, std::string(row.Bytes(4)));
  for (const Dimension attribute : range.attributes) {
    const Dimension column = ColumnOf(attribute);
    const auto text = column == Dimension::kClient ? texts_.FindId(column, visit.ip) : texts[IndexOf(column)];
    visit.attributes.push_back(text ? attributes_.ValueOf(attribute, *text)
                                    : attributes_.ValueOfText(attribute, visit.ip));
  }
  return take(id, std::move(visit));
}

LoggedVisit VisitScan::Read(const Range& range, const TextIds& texts, VisitId id, std::string ip) {
  const auto read = [&](Dimension column) { return texts_.Read(column, texts[IndexOf(column)]); };
  LoggedVisit visit{
      read(Dimension::kPage), std::move(ip), read(Dimension::kAgent), TimeOf(id), read(Dimension::kSource), id};
  if (range.wants_titles) visit.title = TitleOf(texts[IndexOf(Dimension::kPage)]);
  return visit;
}

const std::string& VisitScan::TitleOf(int64_t page) {
  const auto [title, is_new] = titles_.try_emplace(page);
  if (is_new) title->second = texts_.ReadTitle(page);
  return title->second;
}

bool VisitScan::RunBlock(const Block& block, Range& range, const Take& take) {
  if (!range.page && range.bots == Bots::kInclude && block.first >= range.from && block.last < range.before &&
      range.skip >= block.visits) {
    range.skip -= block.visits;
    return true;
  }
  if (range.page && decoded_.block != block.id) {
    const auto pages = blocks_.ReadColumn(block, Dimension::kPage).ids;
    if (!std::binary_search(pages.begin(), pages.end(), *range.page)) return true;
  }
  const auto& times = Decode(block).times;
  const auto place_of = [&](VisitId id) {
    return static_cast<size_t>(std::lower_bound(times.begin(), times.end(), id) - times.begin());
  };
  const size_t begin = place_of(range.from);
  const size_t end = place_of(range.before);
  ReadTexts(range, end - std::min(begin, end));
  for (size_t i = begin; i < end; ++i) {
    const size_t at = range.order == Order::kOldestFirst ? i : begin + (end - 1 - i);
    if (!IsWanted(range, at)) continue;
    if (range.skip > 0) {
      --range.skip;
      continue;
    }
    if (!take(times[at], Read(range, at))) return false;
  }
  return true;
}

const VisitScan::Decoded& VisitScan::Decode(const Block& block) {
  if (decoded_.block == block.id) return decoded_;
  decoded_ = {};
  decoded_.times = blocks_.ReadTimes(block);
  for (const Dimension column : kAllColumns) decoded_.columns[IndexOf(column)] = blocks_.ReadColumn(block, column);
  decoded_.block = block.id;
  return decoded_;
}

// What is known of all texts of the decoded block, if many of its visits are wanted, or looked through for bots.
void VisitScan::ReadTexts(const Range& range, size_t visits) {
  const bool are_many = range.reads_many && visits * kManyOf >= decoded_.times.size();
  if (are_many && decoded_.addresses.empty()) ReadAddresses();
  if (range.bots != Bots::kInclude) ReadAttribute(Dimension::kBot);
  for (const Dimension attribute : range.attributes) {
    Values& values = decoded_.attributes[IndexOf(attribute)];
    if (are_many) {
      ReadAttribute(attribute);
    } else if (values.state != attributes_.StateOf(attribute)) {
      values = {};
    }
  }
}

// In the order of ids, which is that of the table: one by one they would be all over it.
void VisitScan::ReadAddresses() {
  std::vector<ClientId> ids;
  const CodeColumn& clients = decoded_.columns[IndexOf(Dimension::kClient)];
  ids.reserve(clients.ids.size());
  for (const int64_t id : clients.ids) ids.push_back({id});
  decoded_.addresses.resize(ids.size());
  Rows rows = addresses_.Run(ArrayRows(ids));
  while (rows.Next()) decoded_.addresses[static_cast<size_t>(rows.Int(0))] = UnpackAddress(rows.Bytes(1));
}

// Kept for as long as the block is, which may be longer than the attributes are the same.
void VisitScan::ReadAttribute(Dimension attribute) {
  Values& values = decoded_.attributes[IndexOf(attribute)];
  const auto& state = attributes_.StateOf(attribute);
  if (!values.texts.empty() && values.state == state) return;
  values = {state, attributes_.ValuesOf(attribute, decoded_.columns[IndexOf(ColumnOf(attribute))].ids)};
}

bool VisitScan::IsWanted(const Range& range, size_t at) const {
  if (range.page && decoded_.columns[IndexOf(Dimension::kPage)].IdOf(at) != *range.page) return false;
  if (range.bots == Bots::kInclude) return true;
  const auto agent = decoded_.columns[IndexOf(Dimension::kAgent)].codes[at];
  return IsWantedOf(range.bots, decoded_.attributes[IndexOf(Dimension::kBot)].texts[agent]);
}

LoggedVisit VisitScan::Read(const Range& range, size_t at) {
  TextIds texts;
  for (size_t column = 0; column < kColumns; ++column) texts[column] = decoded_.columns[column].IdOf(at);
  const CodeColumn& clients = decoded_.columns[IndexOf(Dimension::kClient)];
  std::string ip = decoded_.addresses.empty() ? texts_.Read(Dimension::kClient, clients.IdOf(at))
                                              : decoded_.addresses[clients.codes[at]];
  LoggedVisit visit = Read(range, texts, decoded_.times[at], std::move(ip));
  for (const Dimension attribute : range.attributes) {
    const auto column = IndexOf(ColumnOf(attribute));
    const auto& values = decoded_.attributes[IndexOf(attribute)].texts;
    visit.attributes.push_back(values.empty() ? attributes_.ValueOf(attribute, texts[column])
                                              : values[decoded_.columns[column].codes[at]]);
  }
  return visit;
}

}  // namespace page_count
