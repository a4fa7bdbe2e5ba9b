#include "worker/store/sqlite/columns/page_clients.h"

#include <algorithm>
#include <iterator>

#include "worker/store/visit_store.h"

namespace page_count {
namespace {

// A part that has outgrown this is split. The larger, the fewer rows, and the more is repacked for one more client.
constexpr size_t kMaxPartBytes = 480;
constexpr size_t kSplitPartBytes = 320;

}  // namespace

PageClients::PageClients(Connection& connection)
    : find_(connection, "page_clients_find_all(rows(row, page_id, client_id)) -> row, id, clients, next_id"),
      put_(connection, "page_clients_put(rows(id, clients))"),
      add_sizes_(connection, "page_total_add_clients(rows(page_id, clients))"),
      empty_(connection, "page_clients_empty()"),
      empty_sizes_(connection, "page_total_empty_clients()") {}

int64_t PageClients::IdOf(int64_t page, int64_t from) {
  constexpr int64_t kMaxPage = std::numeric_limits<int64_t>::max() >> kClientBits;
  if (page > kMaxPage || from > kMaxFrom) {
    throw StoreError("more than " + std::to_string(kMaxPage) + " pages or " + std::to_string(kMaxFrom) +
                     " clients: visits are recorded, but no more are counted");
  }
  return PageClientKey(page, from);
}

void PageClients::PlanToAdd(PageClientSpan clients, Plan& plan) {
  ForEachPart(clients, [&plan](PageClientSpan of_part, Part part) { PlanPart(of_part, std::move(part), plan); });
}

void PageClients::PlanPart(PageClientSpan clients, Part part, Plan& plan) {
  const std::vector<int64_t> before = std::exchange(part.clients, {});
  part.clients.reserve(before.size() + clients.size());
  auto old = before.begin();
  for (const PageClient& added : clients) {
    while (old != before.end() && *old < added.client_id) part.clients.push_back(*old++);
    if (old == before.end() || *old != added.client_id) part.clients.push_back(added.client_id);
  }
  part.clients.insert(part.clients.end(), old, before.end());
  const auto more = static_cast<int64_t>(part.clients.size() - before.size());
  if (more == 0) return;
  if (plan.sizes.empty() || plan.sizes.back().page_id != part.page) plan.sizes.push_back({part.page, 0});
  plan.sizes.back().clients += more;
  PlanPacked(part, plan);
}

void PageClients::PlanPacked(const Part& part, Plan& plan) {
  const auto add = [&](int64_t from, std::string packed) {
    plan.parts.push_back({IdOf(part.page, from), plan.packed.emplace_back(std::move(packed))});
  };
  std::string packed = PackIds(part.clients);
  if (packed.size() <= kMaxPartBytes) {
    add(part.from, std::move(packed));
    return;
  }
  const size_t chunks = packed.size() / kSplitPartBytes + 1;
  const size_t at_once = (part.clients.size() + chunks - 1) / chunks;
  for (size_t first = 0; first < part.clients.size(); first += at_once) {
    const auto chunk =
        std::span<const int64_t>(part.clients).subspan(first, std::min(at_once, part.clients.size() - first));
    add(first == 0 ? part.from : chunk.front(), PackIds(chunk));
  }
}

void PageClients::Write(const Plan& plan) {
  put_.Execute(ArrayRows(plan.parts));
  add_sizes_.Execute(ArrayRows(plan.sizes));
}

void PageClients::Empty() {
  empty_.Execute();
  empty_sizes_.Execute();
}

}  // namespace page_count
