// The statements of the dictionaries' tables, by column: what is the same of each but for the table's name.
//
// Pure, any thread.
#ifndef PAGE_COUNT_STORE_SQLITE_LOG_TEXT_STATEMENTS_H_
#define PAGE_COUNT_STORE_SQLITE_LOG_TEXT_STATEMENTS_H_

#include <string_view>

#include "worker/visits/dimension.h"

namespace page_count {

// Their signatures.
struct TextStatements {
  std::string_view find_all;
  std::string_view add;
  std::string_view find;
  std::string_view text;
  std::string_view range;
  std::string_view ids;
  std::string_view delete_ids;
};
const TextStatements& StatementsOf(Dimension column);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_LOG_TEXT_STATEMENTS_H_
