#include "worker/store/sqlite/columns/free_pages.h"

#include <algorithm>
#include <utility>

#include "worker/store/sqlite/engine/write_transaction.h"

namespace page_count {
namespace {

constexpr int64_t kReserve = 1'024;                               // pages of 4 KiB,
constexpr int64_t kReserveOfFile = 16;                            // or one in so many
constexpr char kReturnSome[] = "pragma incremental_vacuum(256)";  // pages, a transaction's

}  // namespace

FreePages::FreePages(Connection& connection, const DatabaseLock& writer, std::function<void()> between)
    : connection_(connection),
      writer_(writer),
      between_(std::move(between)),
      count_(connection, "file_pages() -> pages"),
      count_free_(connection, "file_pages_free() -> pages") {}

bool FreePages::AreMany() { return count_free_.ReadInt() > std::max(kReserve, count_.ReadInt() / kReserveOfFile); }

bool FreePages::ReturnSome() {
  if (!AreMany()) return false;
  const int64_t free = count_free_.ReadInt();
  {
    WriteTransaction transaction(connection_, writer_);
    connection_.Execute(kReturnSome);
    transaction.Commit();
  }
  between_();
  return AreMany() && count_free_.ReadInt() < free;  // a file that was vacuumed without auto_vacuum keeps them
}

}  // namespace page_count
