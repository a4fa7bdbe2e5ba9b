// By what visits are told apart, filtered and counted: their columns, and the hour of their time.
#ifndef PAGE_COUNT_VISITS_DIMENSION_H_
#define PAGE_COUNT_VISITS_DIMENSION_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace page_count {

// A column is a text: a page's URL, a client's address, the name of a user agent, where a visit came from (empty if it
// is not known: see source.h). The hour (UTC) comes after the columns.
enum class Dimension : uint8_t { kPage, kClient, kAgent, kSource, kHour };

// The columns are the dimensions from 0 up to here.
inline constexpr size_t kColumns = 4;

inline constexpr std::array<Dimension, kColumns> kAllColumns = {Dimension::kPage, Dimension::kClient, Dimension::kAgent,
                                                                Dimension::kSource};

constexpr size_t IndexOf(Dimension dimension) { return static_cast<size_t>(dimension); }
constexpr bool IsColumn(Dimension dimension) { return IndexOf(dimension) < kColumns; }

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_DIMENSION_H_
