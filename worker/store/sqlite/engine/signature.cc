#include "worker/store/sqlite/engine/signature.h"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>

namespace page_count {
namespace {

constexpr std::string_view kArrayParameter = ":rows";

// The columns' names in `with input(page_id, visits) as (select a, b from array_table(:rows))`.
std::string_view ArrayColumns(std::string_view sql) {
  constexpr std::string_view kHead = "with input(";
  const size_t head = sql.find(kHead);
  if (head == sql.npos) return "?";
  const std::string_view columns = sql.substr(head + kHead.size());
  return columns.substr(0, columns.find(')'));
}

}  // namespace

std::string_view NameIn(std::string_view signature) { return signature.substr(0, signature.find('(')); }

std::string SignatureOf(std::string_view name, sqlite3_stmt* statement) {
  std::string signature(name);
  signature += '(';
  for (int i = 1; i <= sqlite3_bind_parameter_count(statement); ++i) {
    const char* parameter = sqlite3_bind_parameter_name(statement, i);
    if (i > 1) signature += ", ";
    signature += parameter != nullptr ? parameter + 1 : "?";
    if (parameter != nullptr && parameter == kArrayParameter) {
      signature.append("(").append(ArrayColumns(sqlite3_sql(statement))).append(")");
    }
  }
  signature += ')';
  for (int i = 0; i < sqlite3_column_count(statement); ++i) {
    signature.append(i == 0 ? " -> " : ", ").append(sqlite3_column_name(statement, i));
  }
  return signature;
}

void RequireSignature(std::string_view signature, sqlite3_stmt* statement) {
  const std::string is = SignatureOf(NameIn(signature), statement);
  if (is == signature) return;
  std::fprintf(stderr, "a statement in sql/sqlite is not what the program takes it for:\n  is   %s\n  not  %.*s\n",
               is.c_str(), static_cast<int>(signature.size()), signature.data());
  std::abort();
}

}  // namespace page_count
