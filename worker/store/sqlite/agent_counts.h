// How many visits each user agent made: a small map, packed into a rollup row as a blob.
//
// Packed: for each agent, ascending by id, two LEB128 numbers: the id's distance from the one before, and the count
// (> 0). Values own their data; any thread. Unpack of bytes that are no such blob gives what can be read of them:
// `page-count check` finds such damage.
#ifndef PAGE_COUNT_STORE_SQLITE_AGENT_COUNTS_H_
#define PAGE_COUNT_STORE_SQLITE_AGENT_COUNTS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace page_count {

class AgentCounts {
 public:
  struct Entry {
    int64_t agent;
    int64_t visits;
    bool operator==(const Entry&) const = default;
  };

  static AgentCounts Unpack(std::string_view blob);
  std::string Pack() const;

  void Add(int64_t agent, int64_t visits);
  void Add(const AgentCounts& other);

  // Ascending by agent, none of them zero.
  const std::vector<Entry>& entries() const { return entries_; }
  bool operator==(const AgentCounts&) const = default;

 private:
  std::vector<Entry> entries_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_AGENT_COUNTS_H_
