#include "worker/store/sqlite/engine/log_index.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>

#include "worker/store/sqlite/engine/wal_format.h"
#include "worker/store/store_error.h"

namespace page_count {

LogIndex::LogIndex(const Connection& connection) : file_(connection.File(SQLITE_FCNTL_FILE_POINTER, "file")) {
  void volatile* index = nullptr;
  if (file_->pMethods->xShmMap(file_, 0, kWalIndexPageBytes, 0, &index) != SQLITE_OK || index == nullptr) {
    throw StoreError("database " + connection.path() + ": cannot map the write-ahead log's index");
  }
  bytes_ = static_cast<unsigned char volatile*>(index);
}

// In one read: another process may write it meanwhile.
unsigned int LogIndex::Number(size_t at) const { return *reinterpret_cast<const uint32_t volatile*>(bytes_ + at); }

int LogIndex::Frames() const { return LogIsInFile() ? 0 : FramesInLog(); }

int LogIndex::FramesInLog() const { return static_cast<int>(Number(kWalIndexFrames)); }

bool LogIndex::LogIsInFile() const { return Number(kWalIndexFrames) == Number(kWalIndexMoved); }

bool LogIndex::IsOf(const std::string& log_header) const {
  if (Number(kWalIndexFrames) == 0) return true;
  const auto* salt = bytes_ + kWalIndexSalt;
  return log_header.size() == kWalHeaderBytes &&
         std::equal(salt, salt + kWalSaltBytes, log_header.begin() + kWalHeaderSalt,
                    [](unsigned char left, char right) { return left == static_cast<unsigned char>(right); });
}

void LogIndex::Clear() const {
  std::fill(bytes_, bytes_ + kWalIndexHeadersBytes, static_cast<unsigned char>(0));
  file_->pMethods->xShmBarrier(file_);
}

}  // namespace page_count
