// The statements of sql/sqlite/, embedded at build time under their files' names.
//
// Constant data, any thread. A name that is not there is a bug and aborts.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_SQL_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_SQL_H_

#include <span>
#include <string_view>

namespace page_count {

struct EmbeddedSql {
  std::string_view name;
  std::string_view text;
};

std::span<const EmbeddedSql> AllSql();
std::string_view Sql(std::string_view name);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_SQL_H_
