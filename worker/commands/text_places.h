// Where in a list the text is that a file's text was made into: what is made of a text is made once a batch.
//
// A text may be forgotten, and then has a second place: at worst every text has one. So the texts that somebody chose
// to collide cost no more time than others. One thread.
#ifndef PAGE_COUNT_COMMANDS_TEXT_PLACES_H_
#define PAGE_COUNT_COMMANDS_TEXT_PLACES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "worker/visits/visit_batch.h"

namespace page_count {

class TextPlaces {
 public:
  // Room for `texts` of them, 16 bytes each and their own, up to 8 MiB.
  explicit TextPlaces(size_t texts);

  // nullopt if it is not known.
  std::optional<uint32_t> Find(std::string_view text);
  // Of the text that Find was asked for last.
  void Put(std::string_view text, uint32_t place);
  void Clear();

 private:
  struct Slot {
    uint32_t tag;   // of the text's hash
    uint32_t text;  // from 1 on; 0 if there is none
  };

  std::vector<Slot> slots_;
  TextList texts_;
  std::vector<uint32_t> places_;
  uint64_t hash_ = 0;
};

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_TEXT_PLACES_H_
