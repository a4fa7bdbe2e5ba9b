#include "worker/store/sqlite/log/log_state.h"

namespace page_count {

LogStateTable::LogStateTable(DatabaseHandle& database)
    : read_(database,
            "state_read() -> sealed_watermark, clients_watermark, clients_target, clients_cursor, generation, "
            "newest_id, last_page_id, last_client_id, last_agent_id, last_source_id"),
      set_sealed_(database, "state_set_sealed(sealed_watermark)"),
      set_clients_(database, "state_set_clients_progress(clients_watermark, clients_target, clients_cursor)"),
      set_last_ids_(database, "state_set_last_ids(last_page_id, last_client_id, last_agent_id, last_source_id)"),
      next_generation_(database, "state_next_generation()") {}

LogState LogStateTable::Read() {
  Rows rows = read_.Run();
  rows.Next();
  return {rows.Int(0),
          {rows.Int(1), rows.Int(2), rows.Int(3)},
          rows.Int(4),
          rows.Int(5),
          {rows.Int(6), rows.Int(7), rows.Int(8), rows.Int(9)}};
}

void LogStateTable::SetSealed(VisitId watermark) { set_sealed_.Execute(watermark); }

void LogStateTable::SetClients(const ClientsProgress& progress) {
  set_clients_.Execute(progress.clients_watermark, progress.clients_target, progress.clients_cursor);
}

void LogStateTable::SetLastIds(const TextIds& ids) { set_last_ids_.Execute(ids[0], ids[1], ids[2], ids[3]); }

void LogStateTable::StartNextGeneration() { next_generation_.Execute(); }

}  // namespace page_count
