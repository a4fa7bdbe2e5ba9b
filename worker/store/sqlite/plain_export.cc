#include "worker/store/sqlite/plain_export.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "worker/store/sqlite/engine/sql.h"
#include "worker/store/sqlite/engine/statement.h"
#include "worker/store/sqlite/question/visits_cursor.h"
#include "worker/store/sqlite/session.h"
#include "worker/store/sqlite/tools/write_error.h"
#include "worker/store/store_error.h"

namespace page_count {
namespace {

// The new file, in one transaction, which SQLite spills to the disk as it grows.
class PlainFile {
 public:
  explicit PlainFile(const std::string& path)
      : connection_(path, FileAccess::kAlone),
        transaction_(connection_, Transaction::Kind::kWrite),
        add_(connection_, "plain_visit_add(id, url, ip_address, user_agent, timestamp)") {
    AsCopyErrors([this] { connection_.Execute(std::string(Sql("plain_schema")).c_str()); });
  }

  void Add(VisitsCursor& visit) {
    const std::string timestamp = TimestampOf(visit.Id());
    AsCopyErrors([&] {
      add_.Execute(visit.Id(), std::string_view(visit.Url()), std::string_view(visit.Address()),
                   std::string_view(visit.Agent()), std::string_view(timestamp));
    });
  }
  void Commit() {
    WriteAll();
    AsCopyErrors([this] { transaction_.Commit(); });
  }

 private:
  // Before the commit, which would roll back what does not fit, and forget why.
  void WriteAll() {
    errno = 0;
    const int status = sqlite3_db_cacheflush(connection_.handle());
    const int error = errno;
    if (status == SQLITE_OK || status == SQLITE_BUSY) return;
    throw CopyError(error != 0 ? std::strerror(error) : sqlite3_errstr(status));
  }

  template <typename Write>
  void AsCopyErrors(Write write) {
    try {
      write();
    } catch (const StoreError& error) {
      const std::string why = LastWriteError(connection_.handle());
      throw CopyError(why.empty() ? error.what() : why);
    }
  }

  Connection connection_;
  Transaction transaction_;
  Statement add_;
};

}  // namespace

int64_t ExportPlainFile(const std::string& database, const std::string& file) {
  Session session(database, FileAccess::kRead, {}, nullptr);
  const Transaction snapshot(session.connection, Transaction::Kind::kRead);
  VisitsStatements statements(session.connection);
  VisitsCursor visit(statements, statements.blocks);
  PlainFile plain(file);
  int64_t visits = 0;
  for (visit.Start({}, VisitsCursor::Order::kOldestFirst); !visit.AtEnd(); visit.Next()) {
    plain.Add(visit);
    ++visits;
  }
  plain.Commit();
  session.connection.RequireUnchanged();
  return visits;
}

}  // namespace page_count
