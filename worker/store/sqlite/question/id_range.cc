#include "worker/store/sqlite/question/id_range.h"

#include <algorithm>
#include <cmath>

namespace page_count {
namespace {

constexpr double kAfterAllIds = 0x1p63;

VisitId After(VisitId id) { return id == kAfterAllVisits ? id : id + 1; }

// The first id whose timestamp is not before some text. Timestamps ascend with the ids.
template <typename IsBefore>
VisitId FirstIdUnless(IsBefore is_before) {
  int64_t first = 0;
  int64_t end = std::chrono::floor<std::chrono::seconds>(TimeOf(kAfterAllVisits)).time_since_epoch().count() + 1;
  while (first < end) {
    const int64_t middle = first + (end - first) / 2;
    if (is_before(FormatSpaced(UtcTime(std::chrono::seconds(middle))))) {
      first = middle + 1;
    } else {
      end = middle;
    }
  }
  return FirstIdAt(UtcTime(std::chrono::seconds(first)));
}

VisitId FirstIdAtLeast(std::string_view bound) {
  return FirstIdUnless([bound](std::string_view timestamp) { return timestamp < bound; });
}

VisitId FirstIdGreater(std::string_view bound) {
  return FirstIdUnless([bound](std::string_view timestamp) { return timestamp <= bound; });
}

}  // namespace

void IdRange::RaiseFrom(VisitId least) { from = std::max(from, least); }

void IdRange::LowerBefore(VisitId end) { before = std::min(before, end); }

void IdRange::NarrowById(Comparison comparison, int64_t bound) {
  switch (comparison) {
    case Comparison::kEqual:
      RaiseFrom(bound);
      LowerBefore(After(bound));
      break;
    case Comparison::kLess:
      LowerBefore(bound);
      break;
    case Comparison::kAtMost:
      LowerBefore(After(bound));
      break;
    case Comparison::kGreater:
      RaiseFrom(After(bound));
      break;
    case Comparison::kAtLeast:
      RaiseFrom(bound);
      break;
  }
}

// Among whole numbers, x < 1.5 is x <= 1, and x > 1.5 is x >= 2.
void IdRange::NarrowById(Comparison comparison, double bound) {
  const bool is_upper = comparison == Comparison::kLess || comparison == Comparison::kAtMost;
  const bool is_lower = comparison == Comparison::kGreater || comparison == Comparison::kAtLeast;
  if (bound >= kAfterAllIds || bound < 0) {
    const bool all = bound < 0 ? is_lower : is_upper;
    if (!all) Clear();
    return;
  }
  const double whole = std::floor(bound);
  const auto id = static_cast<int64_t>(whole);
  if (whole == bound) {
    NarrowById(comparison, id);
  } else if (is_upper) {
    NarrowById(Comparison::kAtMost, id);
  } else if (is_lower) {
    NarrowById(Comparison::kGreater, id);
  } else {
    Clear();
  }
}

void IdRange::NarrowByTimestamp(Comparison comparison, std::string_view bound) {
  switch (comparison) {
    case Comparison::kEqual:
      RaiseFrom(FirstIdAtLeast(bound));
      LowerBefore(FirstIdGreater(bound));
      break;
    case Comparison::kLess:
      LowerBefore(FirstIdAtLeast(bound));
      break;
    case Comparison::kAtMost:
      LowerBefore(FirstIdGreater(bound));
      break;
    case Comparison::kGreater:
      RaiseFrom(FirstIdGreater(bound));
      break;
    case Comparison::kAtLeast:
      RaiseFrom(FirstIdAtLeast(bound));
      break;
  }
}

std::string TimestampOf(VisitId id) { return FormatSpaced(TimeOf(id)); }

}  // namespace page_count
