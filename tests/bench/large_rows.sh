# The rows that put load on a file of many visits while something else goes on. Sourced by run.
# shellcheck shell=bash disable=SC2154,SC2164

measure_large() {
  local ratio memory
  # Runs that each hold their share of the counting, which comes in sets of tens of thousands of visits.
  local turns=$(((turns + 1) / 2)) seconds_a_turn=$seconds_a_run
  say "POST /visit with $(number "$visits") visits in the file"
  start_service fresh 2 fresh.db
  forget_highest_memory large
  alternate visit 128 fresh large
  ratio=$(ratio_of large fresh rate)
  row "POST /visit, 128 connections, $(number "$visits") visits against none" \
    "$(number "$(median_of large rate)")/s, $(decimal "$ratio") x $(number "$(median_of fresh rate)")/s" ">= 0.9" \
    "$(verdict_of "fresh large" "$ratio >= 0.9")"
  memory=$(memory_of large VmHWM)
  row "a worker under load at $(number "$visits") visits, resident" "$memory MiB" "<= 48 MiB" "$(verdict "$memory <= 48")"
  stop_service fresh
}

export_path() { echo "/all-visits?format=jsonl&limit=$1"; }

# As many visits as take some seconds, so that what starts an answer does not count.
measure_export() {
  local wanted=$((visits < 100000 ? visits : 100000)) rate memory
  say "/all-visits as JSON Lines"
  rate=$(calculate "$wanted * 1000 / $(milliseconds_of large "$(export_path "$wanted")")")
  wanted=$(awk "BEGIN { n = int($rate * $long_seconds); print n < $visits ? n : $visits }")
  stop_pool large # what its memory has grown to under load is not the export's
  start_large_pool
  await_health large
  attend curl -sSf -o /dev/null -w '%{time_total}\n' "$(url_of large "$(export_path "$wanted")")" >"$work/times" || fail "the export failed"
  rate=$(calculate "$wanted / $(cat "$work/times")")
  memory=$(memory_of large VmHWM)
  row "/all-visits as JSONL, $(number "$wanted") visits" "$(number "$rate") visits/s; $memory MiB resident" \
    ">= 400,000 visits/s; < 64 MiB" "$(verdict "$rate >= 400000" "$memory < 64")"
}

# A reader that streams the whole file, again and again.
start_reader() {
  setpriv --pdeathsig TERM bash -c '
    trap "kill \$!; exit 0" TERM
    while :; do
      curl -s -o /dev/null "$1" &
      wait $!
    done' reader "$(url_of large "$(export_path "$visits")")" &
  reader_pid=$!
}

stop_reader() {
  [[ ${reader_pid-} ]] || return 0
  kill "$reader_pid" 2>/dev/null || true
  wait "$reader_pid" || true
  reader_pid=
}

measure_export_under_load() {
  local ratio turn
  say "recording while /all-visits streams"
  begin_series alone streaming
  for ((turn = 0; turn < turns; ++turn)); do  # many: a p99 differs from run to run by more than the reader adds
    load large visit 32 "$seconds_a_turn" alone
    start_reader
    load large visit 32 "$seconds_a_turn" streaming
    stop_reader
  done
  ratio=$(ratio_of streaming alone p99_ms)
  row "p99 of POST /visit, 32 connections, while /all-visits streams" \
    "$(decimal "$(median_of streaming p99_ms)" 1) ms, $(decimal "$ratio") x $(decimal "$(median_of alone p99_ms)" 1) ms without" \
    "<= 2 x its own" "$(verdict_of "alone streaming" "$ratio <= 2")"
}

oldest_day() {
  sqlite3 "file:$work/large.db?mode=ro" "select min(first_id) / 1048576 / 86400000.0 from block"
}

# The older half goes. Where that takes too long it is cut off, and what was reached is said.
measure_cleanup() {
  local before deleted p99 cleanup_pid started=$SECONDS outcome
  say "DELETE /cleanup while recording goes on"
  begin_series cleaning
  before=$(oldest_day)
  curl -sS -m 600 -X DELETE -o "$work/cleanup.json" "$(url_of large "/cleanup?days=$((days / 2))")" &
  cleanup_pid=$!
  while kill -0 "$cleanup_pid" 2>/dev/null && ((SECONDS - started < cleanup_seconds)); do
    load large visit 32 "$seconds_a_run" cleaning
  done
  if kill "$cleanup_pid" 2>/dev/null; then
    deleted=$(calculate "($(oldest_day) - $before) * $visits / $days")
    outcome="cut off after $((SECONDS - started)) s"
  else
    deleted=$(sed 's/.*"deleted_visits":\([0-9]*\).*/\1/' "$work/cleanup.json")
    outcome="in $((SECONDS - started)) s"
  fi
  wait "$cleanup_pid" 2>/dev/null || true
  p99=$(largest_of cleaning p99_ms)
  row "p99 of POST /visit, 32 connections, while /cleanup deletes half" \
    "$(decimal "$p99" 1) ms at worst; $(number "$deleted") deleted $outcome" \
    "<= 50 ms throughout" "$(verdict_of cleaning "$p99 <= 50" "$deleted >= $visits * 0.49")"
}

measure_wal() {
  local largest
  largest=$(calculate "$(cat "$work/largest_wal") / 1048576")
  row "write-ahead log at its largest, all loads at $(number "$visits") visits" "$(decimal "$largest" 1) MiB" "< 64 MiB" "$(verdict "$largest < 64")"
}
