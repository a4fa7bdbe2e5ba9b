#include "worker/commands/open_storage.h"

#include <cstdio>
#include <memory>
#include <stdexcept>

#include "worker/commands/open_attributes.h"
#include "worker/store/sqlite/engine/file_kind.h"
#include "worker/store/sqlite/plain_export.h"
#include "worker/store/sqlite/sql_query.h"
#include "worker/store/sqlite/sqlite_visit_store.h"
#include "worker/store/sqlite/tools/restore.h"

namespace page_count {
namespace {

void RequireFile(const std::string& path) {
  const FoundFile found = LookAtFile(path);
  if (found.kind != FileKind::kCurrent) throw std::runtime_error(found.sentence);
  if (!found.note.empty()) std::fprintf(stderr, "page-count: %s\n", found.note.c_str());
}

}  // namespace

OpenStore OpenStorage(const Settings& settings, Purpose purpose) {
  SqliteVisitStore::Options options{.path = settings.database, .now = Now};
  switch (purpose) {
    case Purpose::kServe:
      options.sync_wal = settings.wal_sync;
      break;
    case Purpose::kImport:
      RefuseForeignStorage(settings);
      break;
    case Purpose::kRead:
    case Purpose::kReadAttributes:
      RequireFile(settings.database);
      options.access = FileAccess::kRead;
      break;
    case Purpose::kChange:
      RequireFile(settings.database);
      options.access = AccessForChanges(settings.database);
      break;
  }
  if (purpose == Purpose::kServe || purpose == Purpose::kReadAttributes) {
    options.attributes = OpenAttributes(settings);
  }
  if (purpose == Purpose::kServe) options.address_retention = DaysOf(settings.address_retention);
  options.sessions = std::make_shared<OpenSessions>(options.path, options.access, options.sealing, options.attributes,
                                                    options.address_retention);
  return [options] { return std::make_unique<SqliteVisitStore>(options); };
}

void RefuseForeignStorage(const Settings& settings) {
  const FoundFile found = LookAtFile(settings.database);
  if (found.kind == FileKind::kForeign) throw ForeignFileError(found.sentence);
}

void QueryStorage(const Settings& settings, const std::string& sql, const TakeSqlRow& take) {
  RequireFile(settings.database);
  RunSqlQuery(settings.database, sql, take);
}

WriteFile OpenPlainExport(const Settings& settings) {
  RequireFile(settings.database);
  return [database = settings.database](const std::string& file) { return ExportPlainFile(database, file); };
}

RestoredStorage RestoreStorage(const Settings& settings, const std::string& backup) {
  const Restored restored = RestoreDatabase(backup, settings.database);
  return {restored.visits, restored.kept_as};
}

}  // namespace page_count
