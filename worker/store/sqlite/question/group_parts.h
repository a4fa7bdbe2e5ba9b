// Lets several threads add visits to a table of groups, each visit of a block to its group.
//
// The groups are in parts, of which one thread at a time adds to each. A block's visits are sorted before, and added a
// group at a time. Any thread, each with a scratch of its own.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_GROUP_PARTS_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_GROUP_PARTS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "worker/base/mutex.h"
#include "worker/store/sqlite/question/sorted_visits.h"

namespace page_count {

// Of a group, the values of a block's visits.
struct GroupRun {
  uint32_t group;  // from the first of the table on
  std::span<const uint32_t> values;
};

class GroupParts {
 public:
  static constexpr size_t kParts = 8;
  // Neighbours share a cache line, and a part.
  static size_t PartOf(size_t group) { return group / 16 % kParts; }

  struct Scratch {
    SortedVisits sorted = {};
    std::array<std::vector<GroupRun>, kParts> runs = {};
  };

  // Calls `add(runs)` for each part that the visits have groups of; a visit of a group that is not one of the `count`
  // from `first` on is left out. If `add` returns false, having taken off the front what it has added, calls
  // `make_room()`, while no part is taken, and `add` again.
  template <typename Add, typename MakeRoom>
  void ForEach(const NumberedVisits& groups, const NumberedVisits& values, size_t first, size_t count, Scratch& scratch,
               Add add, MakeRoom make_room) {
    scratch.sorted.Sort(groups, values);
    for (auto& runs : scratch.runs) runs.clear();
    scratch.sorted.ForEachGroup(groups, [&](uint32_t number, std::span<const uint32_t> of_group) {
      const size_t group = number - first;
      if (group < count) scratch.runs[PartOf(group)].push_back({static_cast<uint32_t>(group), of_group});
    });
    const size_t first_part = first_part_.fetch_add(kParts / 2 + 1, std::memory_order_relaxed);
    for (size_t i = 0; i < kParts; ++i) {
      const size_t part = (first_part + i) % kParts;
      if (scratch.runs[part].empty()) continue;
      std::span<GroupRun> left = scratch.runs[part];
      const auto add_in_turn = [&] {
        const MutexLock lock(adding_[part]);
        return add(left);
      };
      while (!add_in_turn()) make_room();
    }
  }
  // Calls `change(group)` for each group from `first` on and before `end`, while nobody adds to it.
  template <typename Change>
  void ForEachGroup(size_t first, size_t end, Change change) {
    for (size_t part = 0; part < kParts; ++part) {
      const MutexLock lock(adding_[part]);
      for (size_t group = first; group < end; ++group) {
        if (PartOf(group) == part) change(group);
      }
    }
  }

 private:
  std::array<Mutex, kParts> adding_;
  std::atomic<size_t> first_part_ = 0;  // of who comes next; another one each time, so that threads seldom wait
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_GROUP_PARTS_H_
