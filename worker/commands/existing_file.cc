#include "worker/commands/existing_file.h"

#include <cstdio>
#include <stdexcept>

#include "worker/store/sqlite/engine/file_kind.h"
#include "worker/store/visit_store.h"

namespace page_count {

void RequireFile(const std::string& path) {
  const FoundFile found = LookAtFile(path);
  if (found.kind != FileKind::kCurrent) throw std::runtime_error(found.sentence);
  if (!found.note.empty()) std::fprintf(stderr, "page-count: %s\n", found.note.c_str());
}

void RefuseForeignFile(const std::string& path) {
  const FoundFile found = LookAtFile(path);
  if (found.kind == FileKind::kForeign) throw ForeignFileError(found.sentence);
}

}  // namespace page_count
