// By what visits are told apart, filtered and counted: their columns, what is known of those, and when they were.
#ifndef PAGE_COUNT_VISITS_DIMENSION_H_
#define PAGE_COUNT_VISITS_DIMENSION_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace page_count {

// A column is a text: a page's URL, a client's address, the name of a user agent, where a visit came from (empty if it
// is not known). An attribute is a text too, which follows from that of its column: see attribute_source.h. Last comes
// the interval of time: see intervals.h.
enum class Dimension : uint8_t {
  kPage,
  kClient,
  kAgent,
  kSource,
  kHost,       // of a page
  kDirectory,  // of a page: the path's first segment
  kCountry,    // of a client
  kBrowser,    // of an agent
  kSystem,
  kDevice,
  kBot,   // what it is known by; empty of a person
  kSite,  // of a source
  kMedium,
  kCampaign,
  kInterval
};

constexpr size_t IndexOf(Dimension dimension) { return static_cast<size_t>(dimension); }

// The columns are the dimensions from 0 up to here, the columns and attributes those up to there.
inline constexpr size_t kColumns = IndexOf(Dimension::kHost);
inline constexpr size_t kTexts = IndexOf(Dimension::kInterval);

inline constexpr std::array<Dimension, kColumns> kAllColumns = {Dimension::kPage, Dimension::kClient, Dimension::kAgent,
                                                                Dimension::kSource};
inline constexpr std::array<Dimension, kTexts - kColumns> kAllAttributes = {
    Dimension::kHost,   Dimension::kDirectory, Dimension::kCountry, Dimension::kBrowser, Dimension::kSystem,
    Dimension::kDevice, Dimension::kBot,       Dimension::kSite,    Dimension::kMedium,  Dimension::kCampaign};

// An array of what `make(column)` returns.
template <typename Make>
auto ForEachColumn(Make make) {
  return std::array{make(Dimension::kPage), make(Dimension::kClient), make(Dimension::kAgent),
                    make(Dimension::kSource)};
}

constexpr bool IsColumn(Dimension dimension) { return IndexOf(dimension) < kColumns; }
constexpr bool IsText(Dimension dimension) { return IndexOf(dimension) < kTexts; }
// Of a column or an attribute: the column that a visit has it by.
constexpr Dimension ColumnOf(Dimension dimension) {
  switch (dimension) {
    case Dimension::kHost:
    case Dimension::kDirectory:
      return Dimension::kPage;
    case Dimension::kCountry:
      return Dimension::kClient;
    case Dimension::kBrowser:
    case Dimension::kSystem:
    case Dimension::kDevice:
    case Dimension::kBot:
      return Dimension::kAgent;
    case Dimension::kSite:
    case Dimension::kMedium:
    case Dimension::kCampaign:
      return Dimension::kSource;
    default:
      return dimension;
  }
}

}  // namespace page_count

#endif  // PAGE_COUNT_VISITS_DIMENSION_H_
