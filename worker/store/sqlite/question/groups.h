// Figures before they have their texts: counts by the ids of the dictionaries.
//
// A key of a column is a text's id, one below 0 a client that has none yet (see log_tail.h); a key of the hour is the
// hours since 1970.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_GROUPS_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_GROUPS_H_

#include <vector>

#include "worker/store/question.h"

namespace page_count {

using Groups = std::vector<Figures::Row>;

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_GROUPS_H_
