#include "worker/commands/plain_json.h"

#include <algorithm>

#include "worker/base/byte_search.h"

namespace page_count {
namespace {

using Kind = JsonStream::Kind;

// Where a text ends, or is not plain any more.
uint64_t MarkStops(uint64_t word) {
  return MarkByte(word, '"') | MarkByte(word, '\\') | MarkBelow(word, ' ') | MarkNonAscii(word);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

void PlainJson::PassSpaces() {
  while (at_ < end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r')) ++at_;
}

bool PlainJson::Take(char wanted) {
  PassSpaces();
  if (at_ == end_ || *at_ != wanted) return false;
  ++at_;
  return true;
}

bool PlainJson::TakeText(std::string_view& text) {
  if (!Take('"')) return false;
  const char* const stop = FindMarked(at_, end_, MarkStops);
  if (stop == end_ || *stop != '"') return false;
  text = {at_, static_cast<size_t>(stop - at_)};
  at_ = stop + 1;
  return true;
}

Kind PlainJson::TakeValue(std::string_view& text) {
  constexpr std::string_view kNullText = "null";
  if (TakeText(text)) return Kind::kText;
  if (at_ == end_) return Kind::kNone;
  text = {};
  if (rest().starts_with(kNullText)) {
    at_ += kNullText.size();
    return Kind::kNull;
  }
  if (!IsDigit(*at_)) return Kind::kNone;
  const bool is_zero = *at_++ == '0';
  if (!is_zero) at_ = std::find_if_not(at_, end_, IsDigit);
  return Kind::kOther;
}

}  // namespace page_count
