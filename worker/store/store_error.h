// What a store throws.
#ifndef PAGE_COUNT_STORE_STORE_ERROR_H_
#define PAGE_COUNT_STORE_STORE_ERROR_H_

#include <stdexcept>

namespace page_count {

// The storage is unavailable. what() is for the log, never for a client.
class StoreError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What is in the storage's place is not ours, a newer program's or damaged: it is left as it is, and waiting does
// not help. what() says what it is and what to do.
class ForeignFileError : public StoreError {
  using StoreError::StoreError;
};

// A copy cannot be written, or reads back otherwise than it was written. what() is the reason.
class CopyError : public StoreError {
  using StoreError::StoreError;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_STORE_ERROR_H_
