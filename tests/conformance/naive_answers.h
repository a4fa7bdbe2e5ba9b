// The answers to an inquiry, counted naively from a list of all visits; and answers as lines of text, to be compared
// and read.
#ifndef PAGE_COUNT_TESTS_CONFORMANCE_NAIVE_ANSWERS_H_
#define PAGE_COUNT_TESTS_CONFORMANCE_NAIVE_ANSWERS_H_

#include <span>
#include <string>
#include <vector>

#include "worker/attributes/attribute_source.h"
#include "worker/store/question.h"

namespace page_count {

// The visits come oldest first. Without `attributes` all of those are empty.
Answers AnswerNaively(std::span<const LoggedVisit> visits, const Inquiry& inquiry,
                      AttributeSource* attributes = nullptr);

// "question 1: https://h/ 2026-03-01 12:00:00 = 3" for each row, and so on.
std::vector<std::string> LinesOf(const Answers& answers);
std::vector<std::string> LinesOf(std::span<const LoggedVisit> visits);
// The lines that one of the lists has and the other has not, and where they first differ; empty if they are equal.
std::string Difference(const std::vector<std::string>& lines, const std::vector<std::string>& expected);
// A question as the message of a failed test has it.
std::string Described(const Inquiry& inquiry);

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_CONFORMANCE_NAIVE_ANSWERS_H_
