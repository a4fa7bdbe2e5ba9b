// Which of many short strings occur in a text, all looked for at once.
//
// By the first three bytes at each place of the text. Immutable, any thread. Reads bytes from strangers.
#ifndef PAGE_COUNT_ATTRIBUTES_SUBSTRING_INDEX_H_
#define PAGE_COUNT_ATTRIBUTES_SUBSTRING_INDEX_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace page_count {

class SubstringIndex {
 public:
  static constexpr size_t kMinBytes = 3;

  // Throws std::invalid_argument if one is shorter than kMinBytes.
  explicit SubstringIndex(std::vector<std::string> strings);

  // The indices of those that the text has, each once, in ascending order.
  std::vector<int> FoundIn(std::string_view text) const;

 private:
  std::vector<std::string> strings_;
  std::unordered_map<uint32_t, std::vector<int>> by_prefix_;  // indices of strings_
};

}  // namespace page_count

#endif  // PAGE_COUNT_ATTRIBUTES_SUBSTRING_INDEX_H_
