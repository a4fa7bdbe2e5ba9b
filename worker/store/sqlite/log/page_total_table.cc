#include "worker/store/sqlite/log/page_total_table.h"

#include <algorithm>
#include <utility>

namespace page_count {
namespace {

std::vector<PageVisits> CountByPage(std::vector<int64_t> pages) {
  std::vector<PageVisits> counts;
  std::sort(pages.begin(), pages.end());
  for (auto first = pages.begin(); first != pages.end();) {
    const auto last = std::upper_bound(first, pages.end(), *first);
    counts.push_back({*first, last - first});
    first = last;
  }
  return counts;
}

}  // namespace

std::vector<int64_t> PagesOf(std::span<const VisitRow> visits) {
  std::vector<int64_t> pages;
  pages.reserve(visits.size());
  for (const VisitRow& visit : visits) pages.push_back(visit.page());
  return pages;
}

PageTotalTable::PageTotalTable(DatabaseHandle& database)
    : add_(database, "page_total_add(rows(page_id, visits))"),
      subtract_(database, "page_total_subtract(rows(page_id, visits))") {}

void PageTotalTable::Add(std::vector<int64_t> pages) {
  const auto counts = CountByPage(std::move(pages));
  add_.Execute(ArrayRows(counts));
}

void PageTotalTable::Subtract(std::vector<int64_t> pages) {
  const auto counts = CountByPage(std::move(pages));
  subtract_.Execute(ArrayRows(counts));
}

}  // namespace page_count
