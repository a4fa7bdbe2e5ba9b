#include "worker/commands/new_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "worker/store/store_error.h"

namespace page_count {
namespace {

constexpr int kEndingSignals[] = {SIGINT, SIGTERM, SIGHUP};

// For the signals' handler: the unfinished file and its journal, or null.
const char* volatile unfinished = nullptr;
const char* volatile unfinished_journal = nullptr;

void RemoveUnfinishedAndEnd(int signal) {
  if (unfinished != nullptr) unlink(unfinished);
  if (unfinished != nullptr) unlink(unfinished_journal);
  std::signal(signal, SIG_DFL);
  raise(signal);
}

void SyncFolder(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  const int folder = open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;  // a folder that may be written but not read
  fsync(folder);
  close(folder);
}

}  // namespace

NewFile::NewFile(const std::string& name) : name_(name), partial_(name + ".partial"), journal_(partial_ + "-journal") {
  struct stat status{};
  if (lstat(name.c_str(), &status) == 0) Throw(EEXIST);
  Open();
  unfinished_journal = journal_.c_str();
  unfinished = partial_.c_str();
  for (const int signal : kEndingSignals) {
    // What was ignored, as under nohup, stays so.
    if (std::signal(signal, RemoveUnfinishedAndEnd) == SIG_IGN) std::signal(signal, SIG_IGN);
  }
}

void NewFile::Open() {
  descriptor_ = open(partial_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor_ < 0 && errno == EEXIST) {
    found_leftover_ = true;
    descriptor_ = open(partial_.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  }
  if (descriptor_ < 0) Throw(errno);
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0 || (found_leftover_ && ftruncate(descriptor_, 0) != 0)) {
    const int error = errno;
    close(descriptor_);
    if (error != EWOULDBLOCK) Throw(error);
    throw std::runtime_error("cannot write " + name_ + ": somebody else is just writing " + partial_);
  }
  unlink(journal_.c_str());
}

NewFile::~NewFile() {
  if (unfinished != nullptr) Remove();
  unfinished = nullptr;
  close(descriptor_);
}

void NewFile::Remove() const {
  unlink(partial_.c_str());
  unlink(journal_.c_str());
}

void NewFile::Finish() {
  if (fsync(descriptor_) != 0) Throw(errno);
  int renamed = renameat2(AT_FDCWD, partial_.c_str(), AT_FDCWD, name_.c_str(), RENAME_NOREPLACE);
  if (renamed != 0 && errno == EINVAL) {  // this file system cannot promise that nothing is replaced
    struct stat status{};
    if (lstat(name_.c_str(), &status) == 0) Throw(EEXIST);
    renamed = std::rename(partial_.c_str(), name_.c_str());
  }
  if (renamed != 0) Throw(errno);
  unfinished = nullptr;
  SyncFolder(name_);
}

void NewFile::Throw(int error) const {
  throw std::runtime_error("cannot write " + name_ + ": " + std::strerror(error));
}

int64_t WriteNewFile(const std::string& name, const std::function<int64_t(const std::string& partial)>& write) {
  umask(0077);  // visits are not for everybody on this machine to read
  NewFile file(name);
  if (file.found_leftover()) {
    std::fprintf(stderr, "page-count: %s was left behind by a command that was killed; it is used anew\n",
                 file.partial().c_str());
  }
  int64_t visits = 0;
  try {
    visits = write(file.partial());
  } catch (const CopyError& error) {
    throw std::runtime_error("cannot write " + name + ": " + error.what());
  }
  file.Finish();
  return visits;
}

}  // namespace page_count
