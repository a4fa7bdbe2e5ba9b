// Turns the filters of a question into sets of ids.
//
// One a connection, same thread; inside a read transaction. Throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_FILTER_READER_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_FILTER_READER_H_

#include <functional>
#include <optional>
#include <vector>

#include "worker/store/question.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/question/attribute_reader.h"
#include "worker/store/sqlite/question/block_visits.h"
#include "worker/store/sqlite/question/text_reader.h"

namespace page_count {

class FilterReader {
 public:
  // Borrows both, whose snapshots have begun.
  FilterReader(Connection& connection, TextReader& texts, AttributeReader& attributes);

  IdFilters Read(const Question& question);

 private:
  using Ids = std::optional<std::vector<int64_t>>;

  Ids ReadColumn(const Question& question, Dimension column);
  void FilterByText(const std::vector<std::string>& texts, Dimension column, Ids& ids);
  void FilterByPrefix(const std::vector<std::string>& prefixes, Ids& ids);
  // Leaves those ids whose value is wanted.
  void FilterByValue(Dimension attribute, const std::function<bool(const std::string&)>& is_wanted, Ids& ids);

  TextReader& texts_;
  AttributeReader& attributes_;
  Statement pages_between_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_FILTER_READER_H_
