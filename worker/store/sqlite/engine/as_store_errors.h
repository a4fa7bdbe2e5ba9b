// At the store's border: what an operating system's file cannot give is a failure of the storage.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_AS_STORE_ERRORS_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_AS_STORE_ERRORS_H_

#include <system_error>

#include "worker/store/store_error.h"

namespace page_count {

// Runs what uses files; a std::system_error of it becomes a StoreError.
template <typename Use>
auto AsStoreErrors(Use use) {
  try {
    return use();
  } catch (const std::system_error& error) {
    throw StoreError(error.what());
  }
}

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_AS_STORE_ERRORS_H_
