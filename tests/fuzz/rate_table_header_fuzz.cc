// A rate table whose file holds any bytes at all: Open replaces it or finds it right, and the table then works.
//
// The first byte says how: even, the rest is the whole file; odd, the rest stands over the first bytes of a good
// table, whose boot id a corpus cannot know.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/unit/decide.h"
#include "worker/limit/rate_table_file.h"
#include "worker/limit/shared_rate_table.h"

namespace {

using page_count::RateTableFile;
using page_count::SharedRateTable;

class Folder {
 public:
  Folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "rate-table-fuzz-XXXXXX";
    path_ = mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void Write(const std::string& path, const uint8_t* bytes, size_t size, int flags) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
  if (fd < 0 || write(fd, bytes, size) != static_cast<ssize_t>(size)) std::abort();
  close(fd);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Folder folder;
  const SharedRateTable::Options options = {.path = folder.path() / "rate-table", .keys = 16, .visits_per_key = 4};
  if (size == 0) return 0;
  if (data[0] % 2 == 0) {
    Write(options.path, data + 1, size - 1, O_TRUNC);
  } else {
    std::filesystem::remove(options.path);
    SharedRateTable::Open(options);
    Write(options.path, data + 1, std::min(size - 1, RateTableFile::kBucketsOffset), 0);
  }

  const auto table = SharedRateTable::Open(options);
  for (int visit = 0; visit < 5; ++visit) {
    const bool admitted = Admit(*table, {.client = "192.0.2.1", .page = "https://example.com/"}, 4).admitted;
    if (admitted != (visit < 4)) std::abort();
  }
  struct stat status = {};
  if (stat(options.path.c_str(), &status) != 0 || status.st_size < 4096) std::abort();
  return 0;
}
