// The texts of one dictionary by their ids, as many as fit in some MiB: beyond that it forgets all and begins anew.
//
// Valid for one snapshot. Same thread as the connection; throws StoreError. An id that is not in the dictionary has an
// empty text: page-count check finds it.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_TEXT_CACHE_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_TEXT_CACHE_H_

#include <string>
#include <string_view>
#include <unordered_map>

#include "worker/store/sqlite/engine/statement.h"

namespace page_count {

class TextCache {
 public:
  static constexpr size_t kMostBytes = size_t{8} << 20;

  // `statement` reads the text of an id; `unpack` spells it.
  TextCache(Statement& statement, std::string (*unpack)(std::string_view)) : statement_(statement), unpack_(unpack) {}

  // Valid until the next call.
  const std::string& Read(int64_t id);

 private:
  Statement& statement_;
  std::string (*unpack_)(std::string_view);
  std::unordered_map<int64_t, std::string> texts_;
  size_t bytes_ = 0;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_TEXT_CACHE_H_
