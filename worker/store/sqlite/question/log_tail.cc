#include "worker/store/sqlite/question/log_tail.h"

#include <algorithm>
#include <string_view>

#include "worker/store/sqlite/log/dictionary.h"

namespace page_count {

LogTailReader::LogTailReader(Connection& connection)
    : state_(connection),
      visit_range_(connection, kVisitRange),
      find_clients_(connection, StatementsOf(Dimension::kClient).find_all) {}

LogTail LogTailReader::Read() {
  LogTail tail;
  tail.state = state_.Read();
  TailRows rows = ReadTail(visit_range_, tail.state.sealed_watermark + 1, kAfterAllVisits, -1);
  tail.visits = std::move(rows.rows);
  NameClients(rows.addresses, tail);
  for (const VisitRow& visit : tail.visits) ++tail.by_page[visit.page()];
  return tail;
}

void LogTailReader::NameClients(const std::vector<std::string>& addresses, LogTail& tail) {
  std::vector<TextRow> sorted;  // each address once
  sorted.reserve(addresses.size());
  for (const std::string& address : addresses) sorted.push_back({0, address});
  const auto by_text = [](const TextRow& left, const TextRow& right) { return left.text < right.text; };
  std::sort(sorted.begin(), sorted.end(), by_text);
  sorted.erase(std::unique(sorted.begin(), sorted.end(),
                           [](const TextRow& left, const TextRow& right) { return left.text == right.text; }),
               sorted.end());
  std::vector<int64_t> ids(sorted.size());
  {
    Rows found = find_clients_.Run(ArrayRows(sorted));
    while (found.Next()) ids[static_cast<size_t>(found.Int(0))] = found.Int(1);
  }
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (ids[i] != 0) continue;
    tail.new_clients.emplace_back(sorted[i].text);
    ids[i] = -static_cast<int64_t>(tail.new_clients.size());
  }
  for (size_t i = 0; i < addresses.size(); ++i) {
    const auto found = std::lower_bound(sorted.begin(), sorted.end(), TextRow{0, addresses[i]}, by_text);
    tail.visits[i].texts[IndexOf(Dimension::kClient)] = ids[static_cast<size_t>(found - sorted.begin())];
  }
}

}  // namespace page_count
