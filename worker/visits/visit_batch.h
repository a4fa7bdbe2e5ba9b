// Visits that have their times already, as an import hands them over: each visit refers to its texts by their places in
// lists that hold most texts once.
//
// Plain values: they own their texts, any thread.
#ifndef PAGE_COUNT_VISITS_VISIT_BATCH_H_
#define PAGE_COUNT_VISITS_VISIT_BATCH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "worker/visits/dimension.h"
#include "worker/visits/utc_time.h"
#include "worker/visits/visit.h"

namespace page_count {

// Grows only. Its texts stay where they are until it is destroyed, also if it is moved.
class TextList {
 public:
  // Copies the text; returns its place, from 0 on.
  uint32_t Add(std::string_view text);

  std::span<const std::string_view> texts() const { return texts_; }
  // Of the texts together.
  size_t bytes() const { return bytes_; }

 private:
  std::vector<std::unique_ptr<char[]>> chunks_;
  std::span<char> free_;  // of the last chunk
  std::vector<std::string_view> texts_;
  size_t bytes_ = 0;
};

struct VisitBatch {
  struct Row {
    std::array<uint32_t, kColumns> texts;  // their places in the columns' lists
    UtcTime at;
  };

  TextList& of(Dimension column) { return texts[IndexOf(column)]; }
  const TextList& of(Dimension column) const { return texts[IndexOf(column)]; }
  size_t text_bytes() const;

  std::vector<Row> visits;
  std::array<TextList, kColumns> texts;
  VisitOrder order = VisitOrder::kOldestFirst;
};

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_VISIT_BATCH_H_
