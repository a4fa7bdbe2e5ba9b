// The value of one attribute for each id of its column, as a number.
//
// A plain value; several threads may read it.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_ATTRIBUTE_CODES_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_ATTRIBUTE_CODES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "worker/store/sqlite/columns/attribute_table.h"

namespace page_count {

struct AttributeCodes {
  std::vector<AttributeCode> by_id;   // from 0 on
  std::vector<AttributeCode> of_new;  // of the ids -1, -2, ...: see log_tail.h
  std::vector<std::string> values;    // by code

  AttributeCode Of(int64_t id) const {
    return id >= 0 ? by_id[static_cast<size_t>(id)] : of_new[static_cast<size_t>(-id) - 1];
  }
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_ATTRIBUTE_CODES_H_
