// The texts of ids, as dimension.h has them; remembered for one snapshot.
//
// One a connection, same thread; inside a read transaction. Throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_TEXT_READER_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_TEXT_READER_H_

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "worker/store/sqlite/engine/connection.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/visits/dimension.h"

namespace page_count {

class TextReader {
 public:
  explicit TextReader(Connection& connection);

  // Forgets the last snapshot's texts. `new_clients` are the packed addresses of clients with ids below 0: see
  // log_tail.h.
  void StartSnapshot(const std::vector<std::string>& new_clients);
  // Keeps no memory of it.
  void EndSnapshot();
  // In place of both, if only ids from 0 on are read: what an id stands for never changes. Forgets texts that are many.
  void Continue();
  // The id of a text, below 0 of a new client; nullopt if no visit has it.
  std::optional<int64_t> FindId(Dimension column, const std::string& text);
  // What was read beside something else.
  void Put(Dimension column, int64_t id, std::string_view text) { texts_[IndexOf(column)].try_emplace(id, text); }
  // Valid until the next snapshot.
  const std::string& Read(Dimension column, int64_t id);
  // A page's; empty if it has none.
  std::string ReadTitle(int64_t page);

 private:
  std::array<Statement, kColumns> text_;
  std::array<Statement, kColumns> find_;
  Statement title_;
  std::array<std::unordered_map<int64_t, std::string>, kColumns> texts_;
  std::unordered_map<std::string, int64_t> new_clients_;  // by address, as it is spelled
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_TEXT_READER_H_
