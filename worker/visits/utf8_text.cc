#include "worker/visits/utf8_text.h"

#include "worker/visits/utf8.h"

namespace page_count {

std::string CleanLine(std::string_view text, size_t most) {
  std::string line;
  bool is_after_blank = false;
  while (!text.empty()) {
    const auto [code_point, bytes] = FirstUtf8Character(text);
    const std::string_view character = text.substr(0, bytes);
    text.remove_prefix(bytes > 0 ? bytes : 1);
    if (bytes == 0) continue;
    if (code_point <= U' ' || (code_point >= 0x7f && code_point <= 0xa0)) {
      is_after_blank = true;
      continue;
    }
    const size_t blank = is_after_blank && !line.empty() ? 1 : 0;
    if (line.size() + blank + character.size() > most) break;
    line.append(blank, ' ').append(character);
    is_after_blank = false;
  }
  return line;
}

}  // namespace page_count
