// A file that appears under its name only once it is whole.
//
// It is written beside that name, as NAME.partial (by SQLite, with NAME.partial-journal for a while). Whatever ends the
// process before Finish, short of SIGKILL, takes the unfinished file away; one that was left behind by SIGKILL is used
// again. A lock on it keeps a second writer of the same name away. Throws std::runtime_error: "cannot write NAME: why".
// One in a process, which must be alone in it to be asked to end by SIGINT, SIGTERM or SIGHUP.
#ifndef PAGE_COUNT_COMMANDS_NEW_FILE_H_
#define PAGE_COUNT_COMMANDS_NEW_FILE_H_

#include <cstdint>
#include <functional>
#include <string>

namespace page_count {

class NewFile {
 public:
  explicit NewFile(const std::string& name);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  // Where to write: an empty file, for its owner alone.
  const std::string& partial() const { return partial_; }
  // Whether an earlier process had left a part behind.
  bool found_leftover() const { return found_leftover_; }
  // Syncs what was written and gives it its name, which nobody else must have taken meanwhile.
  void Finish();

 private:
  [[noreturn]] void Throw(int error) const;
  void Open();
  void Remove() const;

  std::string name_;
  std::string partial_;
  std::string journal_;
  int descriptor_ = -1;
  bool found_leftover_ = false;
};

// Has `write` write a new file at the path that it is given, which nobody else may read. What it throws as CopyError is
// told with the file's name. Returns what it returned: how many visits the file holds.
int64_t WriteNewFile(const std::string& name, const std::function<int64_t(const std::string& partial)>& write);

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_NEW_FILE_H_
