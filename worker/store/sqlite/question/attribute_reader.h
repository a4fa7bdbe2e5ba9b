// The attributes of all texts of a snapshot: from the file's table, and those that it does not have yet worked out
// here.
//
// One a connection, same thread; inside a read transaction. Throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_ATTRIBUTE_READER_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_ATTRIBUTE_READER_H_

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "worker/attributes/attribute_source.h"
#include "worker/store/sqlite/columns/attribute_table.h"
#include "worker/store/sqlite/log/visit_id.h"
#include "worker/store/sqlite/question/attribute_codes.h"
#include "worker/store/sqlite/question/text_reader.h"

namespace page_count {

class AttributeReader {
 public:
  // Borrows both. `source` may be null: then all values are empty.
  AttributeReader(Connection& connection, TextReader& texts, AttributeSource* source);

  void StartSnapshot(const TextIds& last_ids, size_t new_clients);
  void EndSnapshot();
  // Valid until the snapshot ends.
  const AttributeCodes& Read(Dimension attribute);

 private:
  std::unique_ptr<AttributeCodes> ReadAll(Dimension attribute);

  TextReader& texts_;
  AttributeSource* source_;
  AttributeTable table_;
  TextIds last_ids_ = {};
  size_t new_clients_ = 0;
  bool worked_some_out_ = false;
  std::array<std::unique_ptr<AttributeCodes>, kTexts> read_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_ATTRIBUTE_READER_H_
