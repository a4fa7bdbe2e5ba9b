#include "worker/store/sqlite/engine/file_alone.h"

#include <sqlite3.h>

#include <array>
#include <memory>
#include <string_view>

#include "worker/store/sqlite/engine/schema.h"
#include "worker/store/sqlite/engine/signature.h"
#include "worker/store/sqlite/engine/sql.h"

namespace page_count {
namespace {

// https://sqlite.org/fileformat.html#the_database_header
constexpr std::string_view kMagic("SQLite format 3\0", 16);
constexpr size_t kHeaderBytes = 100;
constexpr size_t kReadVersion = 19;
constexpr size_t kApplicationIdAt = 68;
constexpr unsigned char kWalMode = 2;

struct Closer {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

bool ReadHeader(sqlite3* handle, std::array<unsigned char, kHeaderBytes>& header) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file));
  if (file == nullptr || file->pMethods == nullptr) return false;
  return file->pMethods->xRead(file, header.data(), kHeaderBytes, 0) == SQLITE_OK;
}

std::optional<LogMarks> ReadMarksOf(sqlite3* handle) {
  const std::string_view sql = Sql(NameIn(kStateMarks));
  sqlite3_stmt* prepared = nullptr;
  sqlite3_prepare_v2(handle, sql.data(), static_cast<int>(sql.size()), &prepared, nullptr);
  const std::unique_ptr<sqlite3_stmt, Closer> statement(prepared);
  if (!statement) return std::nullopt;
  RequireSignature(kStateMarks, statement.get());
  if (sqlite3_step(statement.get()) != SQLITE_ROW) return std::nullopt;
  const bool is_id = sqlite3_column_type(statement.get(), 0) == SQLITE_BLOB &&
                     sqlite3_column_bytes(statement.get(), 0) == int{LogMarks::kIdBytes};
  if (!is_id) return std::nullopt;
  return LogMarks{std::string(static_cast<const char*>(sqlite3_column_blob(statement.get(), 0)), LogMarks::kIdBytes),
                  sqlite3_column_int64(statement.get(), 1), sqlite3_column_int64(statement.get(), 2)};
}

}  // namespace

std::string ImmutableUri(const std::string& path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string uri = "file:";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '%' || c == '?' || c == '#') {
      uri.append({'%', kHex[byte >> 4U], kHex[byte & 15U]});
    } else {
      uri.push_back(c);
    }
  }
  return uri + "?immutable=1";
}

FileAlone FileAlone::Read(const std::string& path) {
  FileAlone alone;
  sqlite3* opened = nullptr;
  const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
  const int status = sqlite3_open_v2(ImmutableUri(path).c_str(), &opened, flags, nullptr);
  const std::unique_ptr<sqlite3, Closer> handle(opened);
  std::array<unsigned char, kHeaderBytes> header{};
  if (status != SQLITE_OK || !ReadHeader(handle.get(), header)) return alone;
  alone.is_database = std::string_view(reinterpret_cast<const char*>(header.data()), kMagic.size()) == kMagic;
  if (!alone.is_database) return alone;
  alone.is_in_wal_mode = header[kReadVersion] == kWalMode;
  for (size_t i = 0; i < 4; ++i) alone.application_id = alone.application_id << 8U | header[kApplicationIdAt + i];
  if (alone.application_id == kApplicationId) alone.marks = ReadMarksOf(handle.get());
  return alone;
}

}  // namespace page_count
