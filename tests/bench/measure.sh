# Measuring for the benchmark: loads of wrk in series, medians and ratios of them, what a request takes, what a process holds.
# A series is a file of wrk's results, a line of JSON each. Sourced by run.
# shellcheck shell=bash disable=SC2154,SC2164

wrk_runs=0

# Puts load on a service for some seconds and adds what came back to a series. A run counts only if 99% of it are 200.
load() {  # service kind connections seconds [series]
  local service=$1 kind=$2 connections=$3 seconds=$4 series=${5:-$1}
  local threads=$((connections > 1 ? 2 : 1)) a_second=20000 start
  [[ $kind != bulk ]] || a_second=400
  wrk_runs=$((wrk_runs + 1))
  start=$(calculate "($wrk_runs * 0.381966) % 1")
  attend wrk -t "$threads" -c "$connections" -d "${seconds}s" -s "$bench_source/load.lua" "$(url_of "$service" /)" -- \
    "$kind" "$work/load.csv" "$start" "$((seconds * a_second / threads))" >"$work/wrk.out" || fail "wrk failed: $(cat "$work/wrk.out")"
  tail -n 1 "$work/wrk.out" >>"$work/series/$series"
  sed "s/^{/{\"service\": \"$service\", \"kind\": \"$kind\", \"connections\": $connections, /;\$!d" "$work/wrk.out" >>"$work/runs"
}

declare -A kind_of=()

# Short runs of one kind, or of that in kind_of for a service, on several services by turns, so that what else the machine does meets all of them. The order
# is the other way round in every second turn: what ran before a service is felt in its rate.
alternate() {  # kind connections service...
  local kind=$1 connections=$2 service turn
  shift 2
  local order=("$@")
  begin_series "$@"
  for ((turn = 0; turn < turns; ++turn)); do
    for service in "${order[@]}"; do load "$service" "${kind_of[$service]:-$kind}" "$connections" "$seconds_a_turn"; done
    mapfile -t order < <(printf '%s\n' "${order[@]}" | tac)
  done
}

begin_series() {
  local series
  mkdir -p "$work/series"
  for series in "$@"; do : >"$work/series/$series"; done
}

calculate() { awk "BEGIN { printf \"%.6g\", $1 }"; }
each() { sed -n "s/.*\"$2\": \([0-9.]*\).*/\1/p" "$work/series/$1"; }  # series field
median() { sort -g | awk '{ v[NR] = $1 } END { print NR ? (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 : "nan" }'; }
median_of() { each "$@" | median; }
largest_of() { each "$@" | sort -g | tail -n 1; }

# The median over the rounds of one service's figure in relation to the other's.
ratio_of() {  # series other-series field
  paste <(each "$1" "$3") <(each "$2" "$3") | awk '$2 > 0 { print $1 / $2 }' | median
}

# What of a series was not 200, where that is 1% or more of any run.
void() {  # series...
  local series
  for series in "$@"; do
    paste <(each "$series" requests) <(each "$series" status_200) <(each "$series" status_429) |
      awk -v series="$series" '$1 == 0 || $2 < 0.99 * $1 { printf "%s: of %d only %d were 200, %d were 429 ", series, $1, $2, $3 }'
  done
}

# A GET's milliseconds, through nginx; median of five.
milliseconds_of() {  # service path
  local times=$work/times
  : >"$times"
  for _ in {1..5}; do
    curl -sSf -m 60 -o /dev/null -w '%{time_total}\n' "$(url_of "$1" "$2")" >>"$times" || fail "GET $2 failed"
  done
  awk '{ print $1 * 1000 }' "$times" | median
}

visits_of() {  # service
  curl -sSf -m 60 "$(url_of "$1" '/stats?limit=0')" | sed 's/.*"total_visits":"\([0-9,]*\)".*/\1/; s/,//g'
}

# The largest of the workers' figures in /proc/PID/status, in MiB: VmRSS now, VmHWM at its highest.
memory_of() {  # service VmRSS|VmHWM
  local worker
  for worker in $(workers_of "$1"); do sed -n "s/^$2:[^0-9]*\([0-9]*\) kB/\1/p" "/proc/$worker/status"; done |
    sort -n | tail -n 1 | awk '{ printf "%.1f", $1 / 1024 }'
}

forget_highest_memory() {  # service
  local worker
  for worker in $(workers_of "$1"); do echo 5 >"/proc/$worker/clear_refs"; done
}

# Notes the largest size of a database's write-ahead log until it is stopped.
watch_wal() {  # database
  setpriv --pdeathsig TERM bash -c 'largest=0
    while sleep 0.2; do
      size=$(stat -c %s "$1-wal" 2>/dev/null || echo 0)
      ((size <= largest)) || { largest=$size; echo "$largest" >"$2"; }
    done' watch_wal "$work/$1" "$work/largest_wal" &
  # shellcheck disable=SC2034
  watcher_pid=$!
}

seconds_now() { echo "$EPOCHREALTIME"; }
