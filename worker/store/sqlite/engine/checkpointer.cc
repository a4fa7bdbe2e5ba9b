#include "worker/store/sqlite/engine/checkpointer.h"

#include <algorithm>
#include <filesystem>

#include "worker/store/sqlite/engine/file_alone.h"
#include "worker/store/sqlite/engine/log_index.h"
#include "worker/store/sqlite/engine/log_ownership.h"
#include "worker/store/sqlite/engine/wal_format.h"
#include "worker/store/sqlite/engine/write_transaction.h"
#include "worker/store/visit_store.h"

namespace page_count {
namespace {

constexpr int kLongLog = 4'000;       // frames, 16 MiB of write-ahead log
constexpr int kVeryLongLog = 10'000;  // 40 MiB: wait for readers, so that the log starts over
constexpr int kFewFrames = 500;       // are moved and synced while writers wait
constexpr int kMostRounds = 4;
constexpr int64_t kReservedBytes = 32 << 20;  // what the log grows to under load
constexpr uint64_t kSpareBytes = 256 << 20;   // on the disk; with less, the log takes what it needs and no more

}  // namespace

Checkpointer::Checkpointer(Connection& connection, const DatabaseLock& writer)
    : connection_(connection), writer_(writer), touch_(connection, "state_touch()") {}

void Checkpointer::ReserveLog() {
  if (connection_.WalBytes() >= kReservedBytes) return;
  std::error_code error;
  const auto space = std::filesystem::space(connection_.path(), error);
  if (error || space.available < kSpareBytes) return;
  const auto lengthen = [this] {
    const WriteTransaction transaction(connection_, writer_);  // which keeps any other SQLite tool from writing, too
    return connection_.LengthenWal(kReservedBytes);
  };
  while (lengthen()) connection_.SyncWal();
}

bool Checkpointer::IsDue() const { return connection_.wal_frames() >= kLongLog; }

void Checkpointer::LookAtLog() { connection_.NoteWalFrames(LogIndex(connection_).Frames()); }

template <typename Call>
auto Checkpointer::OrMoveAgain(Call call) {
  try {
    return call();
  } catch (const StoreError&) {
    const auto lock = writer_.Lock();
    if (connection_.FilesAreInPlace()) LogIndex(connection_).Clear();
    throw;
  }
}

void Checkpointer::RunIfDue() {
  if (IsDue()) OrMoveAgain([this] { Run(); });
}

bool Checkpointer::EraseLog() {
  const bool starts_over = OrMoveAgain([this] {
    Run();
    const auto lock = writer_.Lock();
    RequireOwnFiles(connection_);
    return MoveWholeLog(connection_, Connection::CheckpointKind::kRestart);
  });
  if (!starts_over) return false;
  const int64_t frame_bytes = static_cast<int64_t>(kWalFrameHeaderBytes) + connection_.ReadInt("pragma page_size");
  int64_t erased_up_to = 0;
  do {
    const WriteTransaction transaction(connection_, writer_);
    const int64_t end = static_cast<int64_t>(kWalHeaderBytes) + LogIndex(connection_).FramesInLog() * frame_bytes;
    erased_up_to = connection_.EraseWal(std::max(erased_up_to, end));
  } while (erased_up_to < connection_.WalBytes());
  connection_.SyncWal();
  return true;
}

void Checkpointer::Run() {
  const bool very_long = connection_.wal_frames() >= kVeryLongLog;
  if (!reader_) reader_.emplace(connection_.path());
  int before = 0;
  int moved = MoveMost();
  for (int round = 1; round < kMostRounds && moved - before > kFewFrames; ++round) {
    before = moved;
    moved = MoveMost();
  }
  const auto lock = writer_.Lock();
  RequireOwnFiles(connection_);
  using enum Connection::CheckpointKind;
  MoveWholeLog(connection_, very_long ? kRestart : kPassive);
}

int Checkpointer::MoveMost() {
  Transaction snapshot(*reader_, Transaction::Kind::kRead);
  int moved = 0;
  {
    const auto lock = writer_.Lock();
    RequireOwnFiles(connection_);
    Statement(*reader_, kStateMarks).Execute();  // the snapshot begins
    Transaction commit(connection_, Transaction::Kind::kWrite);
    touch_.Execute();
    commit.Commit();
    moved = connection_.Checkpoint(Connection::CheckpointKind::kPassive).moved;
  }
  // Through the reader's descriptor: the kernel reports a write error once to each descriptor of a file, and the last
  // checkpoint, through connection_'s, must still see it.
  reader_->SyncFile();
  return moved;
}

}  // namespace page_count
