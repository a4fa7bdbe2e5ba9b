#include "worker/store/sqlite/tools/row_sorter.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "worker/store/store_error.h"
#include "worker/system/unnamed_file.h"

namespace page_count {
namespace {

constexpr size_t kBytesToRead = 16U << 20;  // of all runs together
constexpr size_t kLeastBytesOfARun = 4'096;

bool IsEarlier(const VisitRow& left, const VisitRow& right) { return left.id < right.id; }

}  // namespace

RowSorter::RowSorter(std::string folder, size_t rows_in_memory)
    : folder_(std::move(folder)), rows_in_memory_(rows_in_memory) {}

RowSorter::~RowSorter() {
  if (file_ >= 0) close(file_);
}

void RowSorter::Add(std::span<const VisitRow> rows) {
  while (!rows.empty()) {
    const size_t some = std::min(rows.size(), rows_in_memory_ - rows_.size());
    rows_.insert(rows_.end(), rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(some));
    rows = rows.subspan(some);
    if (rows_.size() == rows_in_memory_) PutAside();
  }
}

void RowSorter::SortRows() { std::stable_sort(rows_.begin(), rows_.end(), IsEarlier); }

void RowSorter::PutAside() {
  SortRows();
  if (file_ < 0) file_ = OpenUnnamedFile(folder_, "page-count-import-");
  const off_t at = file_ < 0 ? -1 : lseek(file_, 0, SEEK_END);
  if (at < 0) Fail();
  auto bytes = std::as_bytes(std::span(rows_));
  while (!bytes.empty()) {
    const ssize_t written = write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) Fail();
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  runs_.push_back({at, rows_.size(), {}, 0});
  rows_.clear();
}

void RowSorter::StartTaking() {
  is_taking_ = true;
  SortRows();
  runs_.push_back({0, 0, std::exchange(rows_, {}), 0});  // which were added last
  for (size_t run = 0; run < runs_.size(); ++run) {
    if (Refill(runs_[run])) heads_.push_back(run);
  }
  const auto is_later = [this](size_t left, size_t right) { return IsLater(left, right); };
  std::make_heap(heads_.begin(), heads_.end(), is_later);
}

std::vector<VisitRow> RowSorter::Take(size_t most) {
  if (!is_taking_) StartTaking();
  std::vector<VisitRow> rows = std::exchange(kept_back_, {});
  rows.reserve(most);
  VisitRow row;
  while (rows.size() < most && TakeOne(row)) rows.push_back(row);
  if (heads_.empty()) return rows;
  const auto last_time = std::lower_bound(rows.begin(), rows.end(), rows.back(), IsEarlier);
  if (last_time == rows.begin()) return rows;
  kept_back_.assign(last_time, rows.end());
  rows.erase(last_time, rows.end());
  return rows;
}

bool RowSorter::TakeOne(VisitRow& row) {
  if (heads_.empty()) return false;
  const auto is_later = [this](size_t left, size_t right) { return IsLater(left, right); };
  std::pop_heap(heads_.begin(), heads_.end(), is_later);
  Run& run = runs_[heads_.back()];
  row = run.read[run.next++];
  if (Refill(run)) {
    std::push_heap(heads_.begin(), heads_.end(), is_later);
  } else {
    heads_.pop_back();
  }
  return true;
}

bool RowSorter::Refill(Run& run) {
  if (run.next < run.read.size()) return true;
  const size_t most = std::max(kBytesToRead / runs_.size(), kLeastBytesOfARun) / sizeof(VisitRow);
  run.read.resize(std::min(most, run.rows_left));
  run.next = 0;
  run.rows_left -= run.read.size();
  auto bytes = std::as_writable_bytes(std::span(run.read));
  while (!bytes.empty()) {
    const ssize_t got = pread(file_, bytes.data(), bytes.size(), run.at);
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) errno = EIO;
    if (got <= 0) Fail();
    bytes = bytes.subspan(static_cast<size_t>(got));
    run.at += got;
  }
  return !run.read.empty();
}

// Of one time, what was put aside first comes first.
bool RowSorter::IsLater(size_t left, size_t right) const {
  const VisitId left_id = runs_[left].read[runs_[left].next].id;
  const VisitId right_id = runs_[right].read[runs_[right].next].id;
  return left_id != right_id ? left_id > right_id : left > right;
}

void RowSorter::Fail() const {
  throw StoreError("cannot put visits aside in " + folder_ + " to sort them: " + std::strerror(errno));
}

}  // namespace page_count
