#include "worker/store/sqlite/rollup/page_clients.h"

#include <limits>

#include "worker/store/sqlite/log/log_state.h"
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
      delete_(connection, "page_clients_delete(id)"),
      add_sizes_(connection, "page_total_add_clients(rows(page_id, clients))") {}

int64_t PageClients::IdOf(int64_t page, int64_t from) {
  constexpr int64_t kMaxPage = std::numeric_limits<int64_t>::max() >> kFromBits;
  if (page > kMaxPage || from > kMaxFrom) {
    throw StoreError("more than " + std::to_string(kMaxPage) + " pages or " + std::to_string(kMaxFrom) +
                     " clients: visits are recorded, but no more are counted");
  }
  return page << kFromBits | from;
}

void PageClients::MakePlan(ClientVisitsSpan changes, Plan& plan) {
  ForEachPart(changes, [&plan](ClientVisitsSpan of_part, Part part) { PlanPart(of_part, std::move(part), plan); });
}

void PageClients::PlanPart(ClientVisitsSpan changes, Part part, Plan& plan) {
  PackedCounts change;
  for (const ClientVisits& row : changes) change.Add(row.client_id, row.visits);
  const auto before = static_cast<int64_t>(part.clients.entries().size());
  part.clients.Add(change);
  const int64_t more = static_cast<int64_t>(part.clients.entries().size()) - before;
  if (more != 0) {
    if (plan.sizes.empty() || plan.sizes.back().page_id != part.page) plan.sizes.push_back({part.page, 0});
    plan.sizes.back().clients += more;
  }
  if (part.page == kSitePage) {
    for (const ClientVisits& row : changes) {
      if (row.visits < 0 && !part.clients.Has(row.client_id)) plan.gone_from_site.push_back(row.client_id);
    }
  }
  if (part.clients.entries().empty()) {
    plan.gone_parts.push_back(IdOf(part.page, part.from));
  } else {
    PlanPacked(part, plan);
  }
}

void PageClients::PlanPacked(const Part& part, Plan& plan) {
  const auto add = [&](int64_t from, std::string packed) {
    plan.parts.push_back({IdOf(part.page, from), plan.packed.emplace_back(std::move(packed))});
  };
  std::string packed = part.clients.Pack();
  if (packed.size() <= kMaxPartBytes) {
    add(part.from, std::move(packed));
    return;
  }
  const size_t chunks = packed.size() / kSplitPartBytes + 1;
  const auto split = part.clients.Split(chunks);
  for (size_t i = 0; i < split.size(); ++i) add(i == 0 ? part.from : split[i].entries().front().id, split[i].Pack());
}

void PageClients::Write(const Plan& plan) {
  put_.Execute(ArrayRows(plan.parts));
  add_sizes_.Execute(ArrayRows(plan.sizes));
  for (const int64_t gone : plan.gone_parts) delete_.Execute(gone);
}

}  // namespace page_count
