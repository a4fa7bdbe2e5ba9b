#include "worker/commands/raw_input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "worker/system/unnamed_file.h"

namespace page_count {
namespace {

std::string FolderForCopies() {
  const char* folder = std::getenv("TMPDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/var/tmp";
}

int OpenCopy() {
  const std::string folder = FolderForCopies();
  const int copy = OpenUnnamedFile(folder, "page-count-import-");
  if (copy < 0) throw InputError("cannot put a copy aside in " + folder + ": " + std::strerror(errno) + "; set TMPDIR");
  return copy;
}

}  // namespace

RawInput::RawInput(const std::string& path, Passes passes) : name_(path) {
  if (path == "-" || path == "/dev/stdin") {
    name_ = "standard input";
    descriptor_ = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
  } else {
    descriptor_ = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  }
  if (descriptor_ < 0) Fail("open");
  struct stat status{};
  if (fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode)) start_ = lseek(descriptor_, 0, SEEK_CUR);
  if (passes == Passes::kTwo && start_ < 0) copy_ = OpenCopy();
}

RawInput::~RawInput() {
  if (descriptor_ >= 0) close(descriptor_);
  if (copy_ >= 0) close(copy_);
}

size_t RawInput::Read(char* to, size_t size) {
  ssize_t got = -1;
  do got = read(descriptor_, to, size);
  while (got < 0 && errno == EINTR);
  if (got < 0) Fail("read");
  if (copy_ >= 0) PutAside({to, static_cast<size_t>(got)});
  return static_cast<size_t>(got);
}

void RawInput::Rewind() {
  if (copy_ >= 0) {
    close(std::exchange(descriptor_, std::exchange(copy_, -1)));
    start_ = 0;
  }
  if (lseek(descriptor_, start_, SEEK_SET) < 0) Fail("read again");
}

void RawInput::PutAside(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t written = write(copy_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      throw InputError("cannot put a copy of " + name_ + " aside in " + FolderForCopies() + ": " +
                       std::strerror(errno) + "; set TMPDIR");
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

void RawInput::Fail(const char* doing) const {
  throw InputError(std::string("cannot ") + doing + " " + name_ + ": " + std::strerror(errno));
}

}  // namespace page_count
