#include "worker/http/media_type.h"

#include <algorithm>

#include "worker/base/ascii.h"

namespace page_count {

bool PrefersMediaType(std::string_view accept, std::string_view type) {
  std::string_view range = accept.substr(0, accept.find_first_of(",;"));
  range.remove_prefix(std::min(range.find_first_not_of(" \t"), range.size()));
  range = range.substr(0, range.find_last_not_of(" \t") + 1);
  if (type.back() == '/') range = range.substr(0, type.size());
  return EqualsIgnoringCase(range, type);
}

}  // namespace page_count
