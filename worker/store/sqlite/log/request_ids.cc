#include "worker/store/sqlite/log/request_ids.h"

#include "worker/visits/request_id.h"

namespace page_count {
namespace {

std::string_view BytesOf(const KeyedHash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }

}  // namespace

RequestIds::RequestIds(Connection& connection)
    : find_(connection, "request_id_find(hash) -> visit_id"), put_(connection, "request_id_put(hash, visit_id)") {}

std::optional<VisitId> RequestIds::Find(std::string_view request_id, UtcTime now) {
  const KeyedHash hash = HashOfRequestId(request_id);
  const std::string_view bytes = BytesOf(hash);
  Rows rows = find_.Run(bytes);
  if (!rows.Next() || TimeOf(rows.Int(0)) + kRequestIdLifetime < now) return std::nullopt;
  return rows.Int(0);
}

void RequestIds::Put(std::string_view request_id, VisitId visit) {
  const KeyedHash hash = HashOfRequestId(request_id);
  const std::string_view bytes = BytesOf(hash);
  put_.Execute(bytes, visit);
}

}  // namespace page_count
