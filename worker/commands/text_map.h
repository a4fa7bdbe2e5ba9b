// A hash map by text that is looked up by any string_view, without making a string of it first.
#ifndef PAGE_COUNT_COMMANDS_TEXT_MAP_H_
#define PAGE_COUNT_COMMANDS_TEXT_MAP_H_

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace page_count {

struct TextHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

template <typename Value>
using TextMap = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_TEXT_MAP_H_
