#include "worker/system/unnamed_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

namespace page_count {

int OpenUnnamedFile(const std::string& folder, const std::string& prefix) {
  int file = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) {  // not every file system has such files
    std::string name = folder + '/' + prefix + "XXXXXX";
    file = mkostemp(name.data(), O_CLOEXEC);
    if (file >= 0) unlink(name.c_str());
  }
  return file;
}

}  // namespace page_count
