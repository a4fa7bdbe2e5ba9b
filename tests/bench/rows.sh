# The rows of the benchmark's table, in the order in which they are measured. Sourced by run.
# shellcheck shell=bash disable=SC2154,SC2164

measure_parts() {
  say "the parts of a request"
  attend env TMPDIR="$work" "$bench_dir/page-count-parts" --benchmark_min_time="$part_seconds" --benchmark_format=csv \
    >"$work/parts.csv" 2>"$work/parts.log" || fail "page-count-parts failed: $(tail -n 3 "$work/parts.log")"
  sed -n 's|^"\([A-Za-z0-9/:_]*\)",[^,]*,\([^,]*\),\([^,]*\),ns,[^,]*,\([^,]*\),.*|\1 \2 \3 \4|p' "$work/parts.csv" | tr -d '"' |
    sed 's|/manual_time||' >"$work/part_times"
  awk '{ printf "{\"part\": \"%s\", \"ns\": %.0f, \"processor_ns\": %.0f, \"a_second\": %.0f}\n", $1, $2, $3, $4 }' \
    "$work/part_times" >"$work/parts"
  write_costs >"$work/costs"
  local decisions
  decisions=$(awk '$1 == "DecideOnRate/threads:8" { print $4 }' "$work/part_times")
  row "rate-limit decision, 65,536 keys, 8 threads" "$(decimal "$(calculate "$decisions / 1e6")") million/s a core" \
    ">= 5 million/s a core" "$(verdict "$decisions >= 5e6")"
}

cost() {  # what part visits
  awk -v part="$2" -v visits="$3" -v what="$1" '$1 == part { printf "%-72s  %10.2f\n", what, $2 / 1000 / visits }' "$work/part_times"
}

write_costs() {
  printf '%-72s  %s\n' "what a visit costs" "microseconds"
  cost "read the JSON body" ReadJsonBody 1
  cost "bring the URL into canonical form" CanonicaliseUrl 1
  cost "decide on the rate limit" DecideOnRate/threads:1 1
  cost "all before the store: route, read, canonicalise, decide" RouteAndDecide 1
  cost "commit, alone" CommitBatchWithoutSync/1 1
  cost "commit, its share of a batch of 32" CommitBatchWithoutSync/32 32
  cost "commit, its share of a batch of 128" CommitBatchWithoutSync/128 128
  cost "sync, alone" SyncBatch/1 1
  cost "sync, its share of a batch of 32" SyncBatch/32 32
  cost "sync, its share of a batch of 128" SyncBatch/128 128
  cost "commit and sync, its share of a batch of 32" CommitBatchWithSync/32 32
  cost "write the JSON answer" WriteJsonAnswer 1
  cost "count, after the answer, its share of 8,192" Count 8192
}

measure_rest() {
  local memory
  memory=$(memory_of empty VmRSS)
  row "a worker at rest, resident" "$memory MiB" "<= 12 MiB" "$(verdict "$memory <= 12")"
}

# Requests a second against the echo's.
measure_recording() {  # what kind connections ratio p99_ms
  local rate ratio p99
  say "$1, $3 connections"
  alternate "$2" "$3" echo empty
  rate=$(median_of empty rate) ratio=$(ratio_of empty echo rate) p99=$(median_of empty p99_ms)
  row "$1, $3 connections, 2 workers" \
    "$(number "$rate")/s, $(decimal "$ratio") x echo's $(number "$(median_of echo rate)")/s; p99 $(decimal "$p99") ms" \
    ">= $4 x echo's; p99 <= $5 ms" "$(verdict_of "echo empty" "$ratio >= $4" "$p99 <= $5")"
}

measure_single() {
  local ratio
  say "POST /visit, 1 connection"
  alternate visit 1 echo empty
  ratio=$(ratio_of empty echo p50_ms)
  row "POST /visit, 1 connection, 2 workers" \
    "median $(decimal "$(median_of empty p50_ms)" 3) ms, $(decimal "$ratio") x echo's $(decimal "$(median_of echo p50_ms)" 3) ms" \
    "median <= 4 x echo's" "$(verdict_of "echo empty" "$ratio <= 4")"
}

measure_bulk() {
  local before rate round
  say "POST /bulk-visits of 100"
  begin_series empty
  before=$(visits_of empty)
  for ((round = 0; round < rounds; ++round)); do load empty bulk 32 "$seconds_a_run"; done
  rate=$(calculate "($(visits_of empty) - $before) / ($(each empty seconds | paste -sd+))")
  row "POST /bulk-visits of 100, 32 connections" "$(number "$rate") visits/s; p99 $(decimal "$(median_of empty p99_ms)" 1) ms" \
    ">= 60,000 visits/s" "$(verdict_of empty "$rate >= 60000")"
}

measure_workers() {
  local workers ratio
  say "4 and 8 workers against 2"
  for workers in 2 4 8; do start_service "pool$workers" "$workers" "pool$workers.db"; done
  alternate visit 128 pool2 pool4 pool8
  for workers in 4 8; do
    ratio=$(ratio_of "pool$workers" pool2 rate)
    row "POST /visit, 128 connections, $workers workers against 2" \
      "$(number "$(median_of "pool$workers" rate)")/s, $(decimal "$ratio") x $(number "$(median_of pool2 rate)")/s" ">= 0.85" \
      "$(verdict_of "pool2 pool$workers" "$ratio >= 0.85")"
  done
  stop_service pool2 pool4 pool8
}

import() {  # database visits days; leaves the visits a second in import_rate
  local started
  "$bench_dir/page-count-make-visits" "$2" --days "$3" --urls "$4" --seed "$2" >"$work/visits.csv" || fail "cannot make visits"
  started=$EPOCHREALTIME
  attend "$build_dir/worker/page-count" import --database "$work/$1" "$work/visits.csv" >/dev/null || fail "the import failed"
  import_rate=$(calculate "$2 / ($EPOCHREALTIME - $started)")
  rm "$work/visits.csv"
  attend sqlite3 "$work/$1" 'pragma wal_checkpoint(truncate)' >/dev/null
  sync -f "$work" # else the system writes it all while something else is measured
}

measure_import() {
  local bytes
  say "importing $(number "$visits") visits"
  import large.db "$visits" "$days" 1000
  row "import of $(number "$visits") visits" "$(number "$import_rate") visits/s" ">= 200,000 visits/s" "$(verdict "$import_rate >= 200000")"
  bytes=$(calculate "$(stat -c %s "$work/large.db") / $visits")
  row "the file at $(number "$visits") visits" "$(decimal "$bytes" 1) bytes a visit" "<= 55 bytes a visit" "$(verdict "$bytes <= 55")"
}

start_large_pool() {
  start_pool large 2 "${build_dir}/worker/page-count" worker --database "$work/large.db" --rate-table "$work/large/rate-table"
}

# From the start of the pool's program to the answer of a request that was waiting for it.
measure_start() {
  local started milliseconds
  say "from exec to the first answer"
  start_service large 2 large.db
  : >"$work/times"
  for _ in 1 2 3; do
    stop_pool large
    started=$EPOCHREALTIME
    start_large_pool
    until [[ -S $work/large/page-count.sock ]]; do sleep 0.002; done
    curl -sSf -m 30 -o /dev/null -H 'Content-Type: application/json' -d '{"url": "https://www.example.org/"}' "$(url_of large /visit)" || fail "no first answer"
    calculate "($EPOCHREALTIME - $started) * 1000" >>"$work/times"
    echo >>"$work/times"
  done
  milliseconds=$(median <"$work/times")
  row "from exec to the first answer, $(number "$visits") visits" "$(decimal "$milliseconds" 0) ms" "<= 100 ms" "$(verdict "$milliseconds <= 100")"
}

measure_analytics() {
  local milliseconds small per_visit in_window=$((visits / days)) busiest
  say "analytics"
  milliseconds=$(milliseconds_of large '/summary?hours=24')
  row "/summary?hours=24, $(number "$visits") visits, 1,000 URLs, $(number "$in_window") in the window" "$(decimal "$milliseconds" 1) ms" \
    "<= 80 ms" "$(verdict "$milliseconds <= 80")"
  import small.db "$small_visits" 1 1000
  start_service small 2 small.db
  small=$(milliseconds_of small '/summary?hours=24')
  stop_service small
  per_visit=$(calculate "($milliseconds / $in_window) / ($small / $small_visits)")
  row "the same a visit in the window, against $(number "$small_visits") visits, all of a day" \
    "$(decimal "$per_visit") x ($(decimal "$small" 1) ms for $(number "$small_visits"))" "<= 2 x" "$(verdict "$per_visit <= 2")"
  milliseconds=$(milliseconds_of large /stats)
  row "/stats at $(number "$visits") visits" "$(decimal "$milliseconds" 1) ms" "<= 10 ms" "$(verdict "$milliseconds <= 10")"
  busiest=$(curl -sSf "$(url_of large '/stats?limit=1')" | sed 's/.*"popular_pages":{"\([^"]*\)".*/\1/')
  milliseconds=$(milliseconds_of large "/stats/$busiest")
  row "/stats/<the busiest url> at $(number "$visits") visits" "$(decimal "$milliseconds" 1) ms" "<= 10 ms" "$(verdict "$milliseconds <= 10")"
}

# As many visits to more pages and over more hours: what a dashboard asks for.
measure_year() {
  local bytes slowest
  say "a year of $(number "$visits") visits"
  import year.db "$visits" 365 20000
  bytes=$(calculate "$(stat -c %s "$work/year.db") / $visits")
  row "the same over a year, 20,000 URLs" "$(decimal "$bytes" 1) bytes a visit; import $(number "$import_rate") visits/s" \
    "<= 55 bytes a visit" "$(verdict "$bytes <= 55")"
  attend "$bench_dir/page-count-ranges" "$work/year.db" >"$work/ranges" || fail "page-count-ranges failed"
  slowest=$(awk '{ print $2 }' "$work/ranges" | sort -g | tail -n 1)
  row "a year of hourly totals; top 100 pages of any range" \
    "$(awk '{ gsub("_", " ", $1); printf "%s%s %.1f", (NR > 1 ? ", " : ""), $1, $2 }' "$work/ranges") ms" "<= 50 ms" \
    "$(verdict "$slowest <= 50")"
  rm -f "$work"/year.db*
}
