// A file with the secret keys of today and yesterday (UTC), which all processes share: visitors' hashes are the same
// all day, and nobody can make them again once the day's key is gone.
//
// A key is gone from the file as soon as anybody asks for the key two days later: ask at least once a day, also if
// there is no visit. A file that is damaged, or lost with the power (it is not synced), is made anew with other keys;
// one that is deleted by hand too, but processes keep the keys that they have read. For its owner alone (0600); beside
// it, under the name NAME-lock, there is a lock. One instance is used by one thread at a time. Throws
// std::system_error.
#ifndef PAGE_COUNT_SYSTEM_DAY_KEY_FILE_H_
#define PAGE_COUNT_SYSTEM_DAY_KEY_FILE_H_

#include <chrono>
#include <map>
#include <string>

#include "worker/base/keyed_hash.h"
#include "worker/system/file_lock.h"

namespace page_count {

class DayKeyFile {
 public:
  // The file is read or made once a key is asked for.
  explicit DayKeyFile(std::string path);

  // The key of today, or of the day that has just ended for others. Reads the file once a day.
  const HashKey& KeyOf(std::chrono::sys_days day);
  // The file with all its keys: none is needed any more.
  void Delete();

 private:
  using Keys = std::map<std::chrono::sys_days, HashKey>;

  [[nodiscard]] Keys Read() const;  // none if the file is missing or damaged
  void Write(const Keys& keys) const;
  std::string Partial() const { return path_ + ".partial"; }  // the next one while it is written

  std::string path_;
  FileLock lock_;
  Keys keys_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_SYSTEM_DAY_KEY_FILE_H_
