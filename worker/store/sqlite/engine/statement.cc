#include "worker/store/sqlite/engine/statement.h"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>

#include "worker/store/sqlite/engine/signature.h"
#include "worker/store/sqlite/engine/sql.h"

namespace page_count {

Rows::~Rows() { sqlite3_reset(statement_); }

bool Rows::Next() {
  const int status = sqlite3_step(statement_);
  if (status == SQLITE_ROW) return true;
  if (status != SQLITE_DONE) database_.Throw("run a statement");
  return false;
}

int64_t Rows::Int(int column) const { return sqlite3_column_int64(statement_, column); }

bool Rows::IsNull(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

bool Rows::IsInt(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_INTEGER; }

std::string_view Rows::Bytes(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return bytes == nullptr ? std::string_view()
                          : std::string_view(static_cast<const char*>(bytes), static_cast<size_t>(size));
}

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Statement::Prepare(size_t values) {
  if (statement_) return;
  const std::string_view sql = Sql(NameIn(signature_));
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  const int status = sqlite3_prepare_v3(database_.handle(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, &rest);
  if (status != SQLITE_OK) database_.Throw("prepare a statement");
  statement_.reset(statement);
  RequireSignature(signature_, statement);
  const bool is_all = rest == sql.data() + sql.size() || std::string_view(rest) == "\n";
  const bool is_bound = static_cast<size_t>(sqlite3_bind_parameter_count(statement)) == values;
  if (is_all && is_bound) return;
  std::fprintf(stderr, "%s %.*s in sql/sqlite\n",
               is_all ? "not every parameter is bound of" : "more than one statement in",
               static_cast<int>(signature_.size()), signature_.data());
  std::abort();
}

void Statement::Bind(int index, int64_t value) {
  if (sqlite3_bind_int64(statement_.get(), index, value) != SQLITE_OK) database_.Throw("bind a number");
}

void Statement::Bind(int index, std::string_view text) {
  const int size = static_cast<int>(text.size());
  if (sqlite3_bind_text(statement_.get(), index, text.data(), size, SQLITE_STATIC) != SQLITE_OK) {
    database_.Throw("bind a text");
  }
}

void Statement::Bind(int index, const ArrayRows& rows) {
  rows_ = rows;
  sqlite3_bind_pointer(statement_.get(), index, &rows_, kArrayRowsPointer, nullptr);
}

int Statement::ChangedRows() const { return sqlite3_changes(database_.handle()); }

}  // namespace page_count
