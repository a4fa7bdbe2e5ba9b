#include "worker/store/sqlite/log/log_state.h"

#include <algorithm>

#include "worker/store/sqlite/log/client_id.h"

namespace page_count {

LogStateTable::LogStateTable(Connection& connection)
    : read_(connection,
            "state_read() -> rollup_watermark, rollup_target, rollup_cursor_page, rollup_cursor_client, "
            "totals_watermark, generation, newest_id, last_page_id, last_client_id, last_agent_id"),
      set_totals_watermark_(connection, "state_set_totals_watermark(totals_watermark)"),
      set_progress_(
          connection,
          "state_set_rollup_progress(rollup_watermark, rollup_target, rollup_cursor_page, rollup_cursor_client)"),
      set_last_ids_(connection, "state_set_last_ids(last_page_id, last_client_id, last_agent_id)"),
      next_generation_(connection, "state_next_generation()") {}

LogState LogStateTable::Read() {
  Rows rows = read_.Run();
  rows.Next();
  return {{rows.Int(0), rows.Int(1), rows.Int(2), rows.Int(3)},
          rows.Int(4),
          rows.Int(5),
          rows.Int(6),
          {rows.Int(7), std::max(rows.Int(8), kLastIpv4Client), rows.Int(9)}};
}

void LogStateTable::SetTotalsWatermark(VisitId id) { set_totals_watermark_.Execute(id); }

void LogStateTable::SetProgress(const RollupProgress& progress) {
  set_progress_.Execute(progress.rollup_watermark, progress.rollup_target, progress.rollup_cursor_page,
                        progress.rollup_cursor_client);
}

void LogStateTable::SetLastIds(const LastTextIds& ids) { set_last_ids_.Execute(ids.page, ids.client, ids.agent); }

void LogStateTable::StartNextGeneration() { next_generation_.Execute(); }

}  // namespace page_count
