#include "worker/store/sqlite/log/request_ids.h"

#include <algorithm>
#include <string_view>

#include "worker/visits/request_id.h"

namespace page_count {
namespace {

std::string_view BytesOf(const KeyedHash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }

}  // namespace

RequestIds::RequestIds(Connection& connection)
    : connection_(connection),
      find_(connection, "request_id_find(hash) -> visit_id"),
      read_recent_(connection, kRecentRequestIds),
      add_recent_(connection, "recent_request_id_add(hash, visit_id)") {}

void RequestIds::CatchUp() {
  if (recent_.size() > kMostRemembered) {
    recent_.clear();
    seen_ = 0;
  }
  Rows rows = read_recent_.Run(seen_, int64_t{-1});
  while (rows.Next()) {
    seen_ = rows.Int(0);
    KeyedHash hash{};
    const std::string_view bytes = rows.Bytes(1);
    std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()), hash.begin());
    recent_[hash] = rows.Int(2);
  }
}

std::optional<VisitId> RequestIds::Find(const KeyedHash& request_id, UtcTime now) {
  const auto lives = [now](VisitId visit) { return TimeOf(visit) + kRequestIdLifetime >= now; };
  const auto recent = recent_.find(request_id);
  if (recent != recent_.end()) return lives(recent->second) ? std::optional(recent->second) : std::nullopt;
  const std::string_view bytes = BytesOf(request_id);
  Rows rows = find_.Run(bytes);
  if (!rows.Next() || !lives(rows.Int(0))) return std::nullopt;
  return rows.Int(0);
}

void RequestIds::Put(const KeyedHash& request_id, VisitId visit) {
  const std::string_view bytes = BytesOf(request_id);
  add_recent_.Execute(bytes, visit);
  recent_[request_id] = visit;
  seen_ = connection_.LastInsertedId();
}

}  // namespace page_count
