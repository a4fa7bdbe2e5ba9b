// The texts that visits refer to by id (see dimension.h), and a bounded cache of their ids.
//
// Not thread-safe; one a connection. The cache is void once another process deleted texts (the generation in state) or
// the transaction that added one was rolled back: call ClearCache then.
#ifndef PAGE_COUNT_STORE_SQLITE_LOG_DICTIONARY_H_
#define PAGE_COUNT_STORE_SQLITE_LOG_DICTIONARY_H_

#include <span>
#include <string_view>
#include <vector>

#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/log/id_cache.h"
#include "worker/store/sqlite/log/text_statements.h"
#include "worker/visits/dimension.h"

namespace page_count {

// A row of a table of texts, or the text that it is sought by.
struct TextRow {
  static constexpr size_t kIntegers = 1;

  int64_t id;
  std::string_view text;
};

class Dictionary {
 public:
  Dictionary(Connection& connection, Dimension column, size_t remembered);

  // The ids of the texts that are in the cache, 0 for the others.
  std::vector<int64_t> Recall(std::span<const std::string_view> texts) { return cache_.Get(texts); }
  // The texts' ids, 0 for those that are new; the faster for being sorted.
  std::vector<int64_t> FindAll(std::span<const std::string_view> texts);
  // Texts that are new, with ids from `first_id` on. Only inside a write transaction.
  void Add(std::span<const std::string_view> texts, int64_t first_id);
  void ClearCache() { cache_.Clear(); }

 private:
  Statement find_all_;
  Statement add_;
  IdCache cache_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_LOG_DICTIONARY_H_
