#include "worker/store/sqlite/engine/sql.h"

#include <cstdio>
#include <cstdlib>

namespace page_count {

std::string_view Sql(std::string_view name) {
  for (const EmbeddedSql& sql : AllSql()) {
    if (sql.name == name) return sql.text;
  }
  std::fprintf(stderr, "no statement %.*s in sql/sqlite\n", static_cast<int>(name.size()), name.data());
  std::abort();
}

}  // namespace page_count
