// Reads addresses, each ended by a NUL byte, and writes a line for each: "+" and its canonical form, or "-" and why it
// is refused.
#include <iostream>
#include <string>

#include "worker/visits/tracked_url.h"

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string text; std::getline(std::cin, text, '\0');) {
    const auto url = page_count::TrackedUrl::Parse(text);
    std::cout << (url ? '+' + url->text() : '-' + url.error().message) << '\n';
  }
  return std::cout.flush() ? 0 : 1;
}
