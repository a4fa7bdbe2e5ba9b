// What is at a database's path, found by looking: nothing is made or changed, nor locked for longer than the look.
//
// For a command's start: it opens and closes the file, so this process must not have it open yet. Throws nothing for
// what it finds. Any thread.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_FILE_KIND_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_FILE_KIND_H_

#include <string>

namespace page_count {

enum class FileKind {
  kMissing,
  kUnavailable,  // cannot be read now; what it is is not known
  kEmpty,        // no bytes, or no tables
  kCurrent,      // page-count's
  kForeign,      // something else, or of another page-count's schema
};

struct FoundFile {
  FileKind kind = FileKind::kCurrent;
  std::string sentence;  // of all but a kCurrent one: what is there, and what to do
  std::string note;      // what a reader of the file should know all the same
};
FoundFile LookAtFile(const std::string& path);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_FILE_KIND_H_
