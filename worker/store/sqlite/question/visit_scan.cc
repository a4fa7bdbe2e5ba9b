#include "worker/store/sqlite/question/visit_scan.h"

#include <algorithm>

#include "worker/store/sqlite/log/client_address.h"

namespace page_count {
namespace {

struct ClientId {
  static constexpr size_t kIntegers = 1;

  int64_t id;
};

}  // namespace

VisitScan::VisitScan(Connection& connection, TextReader& texts)
    : texts_(texts),
      blocks_(connection),
      state_(connection),
      newest_(connection, "visit_newest(from_id, before_id) -> id, page_id, agent_id, source_id, ip"),
      addresses_(connection, "client_addresses(rows(row, id)) -> row, address") {}

bool VisitScan::Run(Range range, const Take& take) {
  if (!RunTail(range, take)) return false;
  const auto blocks = blocks_.Find(range.from, range.before);
  return std::all_of(blocks.rbegin(), blocks.rend(), [&](const Block& block) { return RunBlock(block, range, take); });
}

bool VisitScan::RunTail(Range& range, const Take& take) {
  Rows rows = newest_.Run(std::max(range.from, state_.Read().sealed_watermark + 1), range.before);
  while (rows.Next()) {
    const int64_t page = rows.Int(1);
    if (range.page && page != *range.page) continue;
    if (range.agents != nullptr && !range.agents->Contains(rows.Int(2))) continue;
    if (range.skip > 0) {
      --range.skip;
      continue;
    }
    const VisitId id = rows.Int(0);
    if (!take(id, Read({page, 0, rows.Int(2), rows.Int(3)}, id, std::string(rows.Bytes(4))))) return false;
  }
  return true;
}

LoggedVisit VisitScan::Read(const TextIds& texts, VisitId id, std::string ip) {
  const auto read = [&](Dimension column) { return texts_.Read(column, texts[IndexOf(column)]); };
  return {read(Dimension::kPage), std::move(ip), read(Dimension::kAgent), TimeOf(id), read(Dimension::kSource)};
}

bool VisitScan::RunBlock(const Block& block, Range& range, const Take& take) {
  if (!range.page && range.agents == nullptr && block.first >= range.from && block.last < range.before &&
      range.skip >= block.visits) {
    range.skip -= block.visits;
    return true;
  }
  if (range.page && decoded_.block != block.id) {
    const auto pages = blocks_.ReadColumn(block, Dimension::kPage).ids;
    if (!std::binary_search(pages.begin(), pages.end(), *range.page)) return true;
  }
  const Decoded& decoded = Decode(block);
  if (range.reads_many && decoded.addresses.empty()) ReadAddresses();
  const auto begin = std::lower_bound(decoded.times.begin(), decoded.times.end(), range.from) - decoded.times.begin();
  const auto end = std::lower_bound(decoded.times.begin(), decoded.times.end(), range.before) - decoded.times.begin();
  for (auto at = static_cast<size_t>(end); at > static_cast<size_t>(begin);) {
    --at;
    if (range.page && decoded.columns[IndexOf(Dimension::kPage)].IdOf(at) != *range.page) continue;
    if (range.agents != nullptr && !range.agents->Contains(decoded.columns[IndexOf(Dimension::kAgent)].IdOf(at))) {
      continue;
    }
    if (range.skip > 0) {
      --range.skip;
      continue;
    }
    const VisitId id = decoded.times[at];
    TextIds texts;
    for (size_t column = 0; column < kColumns; ++column) texts[column] = decoded.columns[column].IdOf(at);
    const CodeColumn& clients = decoded.columns[IndexOf(Dimension::kClient)];
    std::string ip = decoded.addresses.empty() ? texts_.Read(Dimension::kClient, clients.IdOf(at))
                                               : decoded.addresses[clients.codes[at]];
    if (!take(id, Read(texts, id, std::move(ip)))) return false;
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

}  // namespace page_count
