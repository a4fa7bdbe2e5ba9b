// The texts that visits refer to by id (pages' URLs, clients' addresses, user agents), and a bounded memory of them.
//
// Not thread-safe; one a connection. What is remembered is void once another process deleted texts (the epoch in
// state) or the transaction that added one was rolled back: Forget says so.
#ifndef PAGE_COUNT_STORE_SQLITE_DICTIONARY_H_
#define PAGE_COUNT_STORE_SQLITE_DICTIONARY_H_

#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "worker/siphash.h"
#include "worker/store/sqlite/statement.h"

namespace page_count {

// Remembers about the last `capacity` texts that were asked for: two generations, the older one dropped as a whole. A
// text is known again by its keyed hash: that is a third of the memory to look into.
class RecentTexts {
 public:
  explicit RecentTexts(size_t capacity) : generation_size_(capacity / 2) {}

  std::optional<int64_t> Find(std::string_view text);
  void Remember(std::string_view text, int64_t id);
  void Clear();

 private:
  struct LowBits {
    size_t operator()(const Hash128& hash) const noexcept { return hash.low; }
  };
  using Generation = std::unordered_map<Hash128, int64_t, LowBits>;

  void Remember(const Hash128& hash, int64_t id);

  SipHashKey key_ = RandomSipHashKey();
  size_t generation_size_;
  Generation young_;
  Generation old_;
};

class Dictionary {
 public:
  // `find_all` and `add` name the statements of one table.
  Dictionary(Connection& connection, std::string_view find_all, std::string_view add, size_t remembered);

  // The id of a text that is remembered, or 0.
  int64_t Recall(std::string_view text);
  // The texts' ids, 0 for those that are new; the faster for being sorted.
  std::vector<int64_t> FindAll(std::span<const std::string_view> texts);
  // Texts that are new, with ids from `first_id` on. Only inside a write transaction.
  void Add(std::span<const std::string_view> texts, int64_t first_id);
  void Forget() { recent_.Clear(); }

 private:
  Statement find_all_;
  Statement add_;
  RecentTexts recent_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_DICTIONARY_H_
