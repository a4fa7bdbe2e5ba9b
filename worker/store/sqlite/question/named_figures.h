// Makes figures of counts by id: gives them their texts, the order and the limit that were asked for.
//
// Inside the read transaction in which they were counted.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_NAMED_FIGURES_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_NAMED_FIGURES_H_

#include <span>
#include <vector>

#include "worker/store/sqlite/question/attribute_reader.h"
#include "worker/store/sqlite/question/groups.h"
#include "worker/store/sqlite/question/text_reader.h"

namespace page_count {

// `counted` are the groups of each of the questions.
std::vector<Figures> NameFigures(std::span<const Question> questions, std::vector<Groups> counted, TextReader& texts,
                                 AttributeReader& attributes);

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_NAMED_FIGURES_H_
