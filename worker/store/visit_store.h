// Where visits are kept: an instance has all roles, and whoever uses it takes the one that it needs. An engine (SQLite
// today) implements it.
//
// One instance is used by one thread at a time; any number of instances, in any number of processes, work on the same
// visits.
#ifndef PAGE_COUNT_STORE_VISIT_STORE_H_
#define PAGE_COUNT_STORE_VISIT_STORE_H_

#include <functional>
#include <memory>

#include "worker/store/store_admin.h"
#include "worker/store/store_error.h"
#include "worker/store/visit_reader.h"
#include "worker/store/visit_writer.h"

namespace page_count {

class VisitStore : public VisitWriter, public VisitReader, public StoreAdmin {};

// Opens a further instance on the same visits, for another thread. Never fails: errors come with the first use.
using OpenStore = std::function<std::unique_ptr<VisitStore>()>;

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_VISIT_STORE_H_
