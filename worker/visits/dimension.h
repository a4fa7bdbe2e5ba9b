// By what visits are told apart, filtered and counted: their columns, and the hour of their time.
#ifndef PAGE_COUNT_VISITS_DIMENSION_H_
#define PAGE_COUNT_VISITS_DIMENSION_H_

#include <cstddef>
#include <cstdint>

namespace page_count {

// A column is a text: a page's URL, a client's address, the name of a user agent. The hour (UTC) comes after the
// columns.
enum class Dimension : uint8_t { kPage, kClient, kAgent, kHour };

// The columns are the dimensions from 0 up to here.
inline constexpr size_t kColumns = 3;

constexpr size_t IndexOf(Dimension dimension) { return static_cast<size_t>(dimension); }
constexpr bool IsColumn(Dimension dimension) { return IndexOf(dimension) < kColumns; }

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_DIMENSION_H_
