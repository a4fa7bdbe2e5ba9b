#include "worker/store/sqlite/open_sessions.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <utility>
#include <vector>

#include "worker/store/sqlite/engine/log_index.h"
#include "worker/store/sqlite/engine/log_ownership.h"
#include "worker/store/visit_store.h"

namespace page_count {
namespace {

constexpr std::chrono::milliseconds kPatience(100);

}  // namespace

void OpenSessions::Open(Slot& slot) {
  if (IsInPlace(slot)) return;
  const MutexLock lock(mutex_);
  if (auto lost = Retire(slot)) unsaid_ = std::move(lost);
  if (unsaid_) throw StoreError(*std::exchange(unsaid_, std::nullopt));
  slot.session = std::make_unique<Session>(files_.file(), access_, sealing_, attributes_.get(), address_retention_);
  opened_[&slot] = slot.session->connection.opened();
}

void OpenSessions::Close(Slot& slot) {
  const MutexLock lock(mutex_);
  CloseLocked(slot);
}

void OpenSessions::CloseAll(Slot& slot) {
  const MutexLock lock(mutex_);
  CloseLocked(slot);
  for (auto next = opened_.begin(); next != opened_.end();) {
    Slot* other = (next++)->first;
    if (!other->in_use.TryLock()) continue;
    const MutexLock in_use(other->in_use, std::adopt_lock);
    CloseLocked(*other);
  }
}

void OpenSessions::Notice(Slot& slot) {
  if (IsInPlace(slot)) return;
  const MutexLock lock(mutex_);
  // If the database itself is gone, whoever took it away may not have come to its log yet.
  if (slot.session && files_.Look().file == slot.session->connection.opened()->file) {
    if (auto lost = Retire(slot)) unsaid_ = std::move(lost);
  }
  if (unsaid_) throw StoreError(*unsaid_);
}

bool OpenSessions::IsInPlace(const Slot& slot) { return slot.session && slot.session->connection.FilesAreInPlace(); }

void OpenSessions::CloseLocked(Slot& slot) {
  slot.session.reset();
  opened_.erase(&slot);
}

std::unique_ptr<MutexLock> OpenSessions::TryHold(Slot& slot) {
  if (!slot.in_use.TryLock()) return nullptr;
  return std::make_unique<MutexLock>(slot.in_use, std::adopt_lock);
}

std::optional<std::string> OpenSessions::Retire(Slot& own) {
  const auto patience_ends = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    bool all_are_closed = false;
    if (auto message = CloseLost(own, all_are_closed)) return message;
    if (all_are_closed) return std::nullopt;
    if (!closed_.WaitUntil(mutex_, patience_ends)) {
      return "database " + files_.file() + ": was moved, deleted or replaced, and is still being read as it was";
    }
  }
}

std::optional<std::string> OpenSessions::CloseLost(Slot& own, bool& all_are_closed) {
  const FilesThere there = files_.Look();
  std::vector<Slot*> lost;
  std::vector<std::unique_ptr<MutexLock>> locks;
  all_are_closed = true;
  for (const auto& [slot, opened] : opened_) {
    if (!opened || *opened == there) continue;
    if (slot != &own && !locks.emplace_back(TryHold(*slot))) {
      all_are_closed = false;
    } else {
      lost.push_back(slot);
    }
  }
  if (lost.empty()) return std::nullopt;
  lost.front()->in_use.AssertHeld();
  auto message = SaveAndClear(*lost.front()->session);
  for (Slot* slot : lost) {
    slot->in_use.AssertHeld();
    CloseLocked(*slot);
  }
  closed_.SignalAll();
  return message;
}

std::optional<std::string> OpenSessions::SaveAndClear(Session& session) {
  const auto lock = session.writer.Lock();
  const FilesThere there = files_.Look();
  const FilesThere opened = *session.connection.opened();
  std::optional<std::string> message;
  if (there.file == opened.file) {
    message = "database " + files_.file() + ": ";
    if (there.log == opened.log && there.index == opened.index) {
      const bool is_write_lock = there.write_lock != opened.write_lock;
      const std::string& lock_file = is_write_lock ? files_.write_lock() : files_.maintenance_lock();
      return *message + "its lock file " + lock_file + " was moved, deleted or replaced; it is made anew";
    }
    if (there.log == opened.log) {
      *message += "the index " + files_.index() + " of its log was moved, deleted or replaced; it is made anew";
    } else {
      *message += "its log " + files_.log() + " was moved, deleted or replaced; " + SaveLog(session, there);
    }
  }
  // An index without its log or its file: nobody can work by it, and SQLite must not find it.
  const bool is_empty = files_.LogIsEmpty();
  if (there.index && there.index == opened.index && (is_empty || there.file != opened.file)) {
    if (is_empty) unlink(files_.log().c_str());
    unlink(files_.index().c_str());
  }
  return message;
}

std::string OpenSessions::SaveLog(Session& session, const FilesThere& there) {
  Connection& connection = session.connection;
  const std::string header = connection.LogHeader();
  if (!files_.LogIsEmpty()) {
    const std::string header_there = files_.LogHeader();
    const bool shares_index = there.index == connection.opened()->index;
    const LogIndex index(connection);
    // Nobody works with a log that the index is not of (see RequireOwnIndex).
    const bool is_back =
        (header_there == saved_log_ && header != saved_log_) || (shares_index && !index.IsOf(header_there));
    if (!is_back) {
      // Whoever started a new log by the same index could do so only as all of the old one was in the file.
      const bool is_saved = header == saved_log_ || shares_index || index.LogIsInFile();
      if (!is_saved) return "another log is there: visits that only it held are lost";
      saved_log_ = header;
      return "all that was in it is in the file";
    }
    const std::string aside = files_.log() + ".saved";
    if (std::rename(files_.log().c_str(), aside.c_str()) != 0) return "the one that stands there is an old one";
  }
  if (header != saved_log_) {
    if (!LogIsOwn(connection)) return "the visits in it belong to another file than the one that is there now";
    if (!MoveLastLog(connection, Connection::CheckpointKind::kRestart)) {
      throw StoreError("database " + files_.file() + ": its log " + files_.log() +
                       " was moved, deleted or replaced, and cannot be saved while readers keep a checkpoint back");
    }
    saved_log_ = connection.LogHeader();  // if all was in the file already, moving has started the log over
  }
  return "the visits in it were saved in the file";
}

}  // namespace page_count
