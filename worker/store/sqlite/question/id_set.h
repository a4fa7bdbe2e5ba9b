// The ids that a visit must have one of: some ids, sorted, and if they are many also a bit for each.
//
// A plain value.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_ID_SET_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_ID_SET_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace page_count {

class IdSet {
 public:
  IdSet() = default;
  explicit IdSet(std::vector<int64_t> ids) : ids_(std::move(ids)) {
    std::sort(ids_.begin(), ids_.end());
    ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());
    if (ids_.size() <= kFew || ids_.back() < 0) return;
    bits_.resize(static_cast<size_t>(ids_.back()) + 1);
    for (const int64_t id : ids_) {
      if (id >= 0) bits_[static_cast<size_t>(id)] = true;
    }
  }

  // Ascending.
  const std::vector<int64_t>& ids() const { return ids_; }
  // Whether to look at each of the ids, or rather for each of others whether it is one of them.
  bool are_few() const { return ids_.size() <= kFew; }
  bool Contains(int64_t id) const {
    if (id >= 0 && !bits_.empty()) return static_cast<size_t>(id) < bits_.size() && bits_[static_cast<size_t>(id)];
    return std::binary_search(ids_.begin(), ids_.end(), id);
  }

 private:
  static constexpr size_t kFew = 32;

  std::vector<int64_t> ids_;
  std::vector<bool> bits_;  // of those from 0 on; empty if the ids are few
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_ID_SET_H_
