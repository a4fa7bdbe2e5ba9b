#ifndef PAGE_COUNT_TESTS_E2E_SYNC_TRACE_H_
#define PAGE_COUNT_TESTS_E2E_SYNC_TRACE_H_

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace page_count::e2e {

// What a worker wrote to its write-ahead log, when it synced the log and when it answered, as strace -f -y saw it. A
// moment is a line of the trace: of two lines the first happened first, and a call is cut in two lines where anything
// happened during it.
class SyncTrace {
 public:
  // The pages of interest are `prefix`, a number, and a slash that ends them: the log's bytes go on after the page.
  SyncTrace(const std::string& trace, std::string prefix);

  enum class Order { kAnsweredAfterItsSync, kAnsweredBeforeItsSync, kNotSeen };
  // Whether some sync of the log began after the last write of the page's commit and had succeeded before the page's
  // answer was written.
  Order OrderOf(int page) const;

  size_t syncs() const { return syncs_.size(); }

 private:
  struct Call {
    std::string name;
    std::string file;  // path, or kind, after the first descriptor
    std::string data;
    size_t begin = 0;
    size_t end = 0;
    bool succeeded = false;
  };
  struct Transaction {
    bool last_frame = false;
    std::vector<int> pages;
  };

  static Call ReadCall(const std::string& text);
  void Take(const std::string& thread, const Call& call);
  void TakeLogWrite(Transaction& transaction, const Call& call);
  std::vector<int> PagesIn(const std::string& data) const;

  std::string prefix_;
  std::map<std::string, Transaction> transactions_;  // by thread
  std::map<int, size_t> committed_;                  // by page
  std::map<int, size_t> answered_;                   // by page
  std::vector<std::pair<size_t, size_t>> syncs_;     // begin and end
};

}  // namespace page_count::e2e

#endif  // PAGE_COUNT_TESTS_E2E_SYNC_TRACE_H_
