// The parameters of a query string or of a form's body (application/x-www-form-urlencoded).
//
// Of a parameter given twice the last counts. Borrows the text. Pure functions over strangers' bytes: never throws on
// them, keeps a '%' that no two hex digits follow.
#ifndef PAGE_COUNT_HTTP_QUERY_STRING_H_
#define PAGE_COUNT_HTTP_QUERY_STRING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/base/result.h"
#include "worker/http/response.h"

namespace page_count {

class QueryString {
 public:
  explicit QueryString(std::string_view text) : text_(text) {}

  // A '+' is a space.
  std::optional<std::string> Find(std::string_view name) const;
  // A '+' is a plus: for URLs and their parts, which have no spaces.
  std::optional<std::string> FindUrl(std::string_view name) const;

  // Every one of that name, in their order; as Find, and as FindUrl.
  std::vector<std::string> FindAll(std::string_view name) const;
  std::vector<std::string> FindAllUrls(std::string_view name) const;

  // As Find, but an empty value is invalid.
  Result<std::optional<std::string>, InvalidInput> ReadText(std::string_view name) const;
  Result<std::optional<std::string>, InvalidInput> ReadUrl(std::string_view name) const;
  // A whole number from `least` to `most`; nullopt if the parameter is not given.
  Result<std::optional<int64_t>, InvalidInput> ReadInteger(std::string_view name, int64_t least, int64_t most) const;
  // How many: a whole number from 0 to the largest that every reader of JSON keeps exact, 2^53 - 1.
  Result<std::optional<int64_t>, InvalidInput> ReadCount(std::string_view name) const {
    return ReadInteger(name, 0, 9'007'199'254'740'991);
  }

 private:
  // Calls `take(value)` for each of that name.
  template <typename Take>
  void ForEach(std::string_view name, Take take) const;
  std::optional<std::string_view> FindRaw(std::string_view name) const;

  std::string_view text_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_HTTP_QUERY_STRING_H_
