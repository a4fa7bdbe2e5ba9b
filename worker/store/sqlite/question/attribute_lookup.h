// The attributes of some texts, looked up by id: reads of the file's codes only those chunks that these are in, and
// works out what the file does not have yet. (AttributeReader has those of all texts, for figures.)
//
// One a connection, same thread; inside a read transaction. Throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_ATTRIBUTE_LOOKUP_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_ATTRIBUTE_LOOKUP_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "worker/attributes/attribute_source.h"
#include "worker/store/sqlite/columns/attribute_table.h"
#include "worker/store/sqlite/question/text_reader.h"

namespace page_count {

class AttributeLookup {
 public:
  // What values are of: ids that are equal have equal ones, as long as it is the same.
  using State = AttributeTable::Progress;

  // Borrows both. `source` may be null: then all values are empty.
  AttributeLookup(Connection& connection, TextReader& texts, AttributeSource* source);

  // Forgets the last snapshot's values. The source keeps what it needs to work out more,
  void StartSnapshot();
  // and now keeps no memory either.
  void EndSnapshot();

  const State& StateOf(Dimension attribute) { return Open(attribute).state; }
  // Of an id of the attribute's column; valid until the next call.
  const std::string& ValueOf(Dimension attribute, int64_t id);
  // Of ids that ascend, one value each.
  std::vector<std::string> ValuesOf(Dimension attribute, std::span<const int64_t> ids);
  // Of a text without an id.
  std::string ValueOfText(Dimension attribute, const std::string& text);

 private:
  struct Attribute {
    State state;                            // by which version of the lists, and up to which id codes are kept
    std::optional<AttributeValues> values;  // once they are needed
    std::unordered_map<int64_t, std::vector<AttributeCode>> chunks;  // by their first id
    std::unordered_map<int64_t, std::string> worked_out;
  };

  Attribute& Open(Dimension attribute);

  TextReader& texts_;
  AttributeSource* source_;
  AttributeTable table_;
  bool worked_some_out_ = false;
  std::array<std::optional<Attribute>, kTexts> read_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_ATTRIBUTE_LOOKUP_H_
