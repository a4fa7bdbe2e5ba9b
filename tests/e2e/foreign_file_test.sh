#!/bin/bash
# Somebody else's file, or one of another page-count's schema, in the database's place: refused at once with what it is and
# what to do, which then works.
#
# Needs BUILD_DIR and SOURCE_DIR in the environment.
set -euo pipefail
# shellcheck source=tests/e2e/functions.sh
source "$(dirname "$0")/functions.sh"

program=$BUILD_DIR/worker/page-count
work=$(mktemp -d)
serve=
export PAGE_COUNT_CONFIG=/dev/null

clean_up() {
  local pid
  cd /
  [[ ! $serve ]] || kill -TERM "$serve" 2>/dev/null || true
  wait
  for pid in $(processes_in "$work"); do kill -KILL "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap clean_up EXIT
trap 'echo "FAILED in line $LINENO" >&2' ERR

workers() {
  local pid
  for pid in $(processes_in "$work"); do
    [[ $(cat "/proc/$pid/comm" 2>/dev/null) != page-count ]] || echo "$pid"
  done
}

has_two_other_workers() { (($(workers | wc -l) == 2)) && ! grep -qxF -e "$1" <<<"$(workers)"; }

# Without the log's index, which every opening makes anew.
state_of() { (cd "$1" && find . -type f ! -name '*-shm' -exec cksum {} + | sort); }

reference_table="create table visits (id integer primary key, url varchar not null, ip_address varchar, user_agent varchar,
  timestamp datetime default current_timestamp);
  insert into visits (url, ip_address, user_agent, timestamp) values
  ('https://site.example/a,b?q=\"x\"', '203.0.113.5', 'Mozilla/5.0 (X11; Linux, \"quoted\")', '2025-09-14 10:30:00.123456'),
  ('https://site.example/b', '2001:db8::7', 'curl/8.0', '2025-09-14 10:30:01');"

make_files() {  # one folder each, with a visits.db
  local kind
  for kind in reference reference-in-use page-views dump newer earlier text sql gzip garbage cut-off other damaged; do mkdir "$work/$kind"; done
  printf 'url,ip,user_agent,timestamp\nhttps://site.example/,192.0.2.1,Lynx,2026-01-01\n' >"$work/one.csv"
  "$program" import "$work/one.csv" --database "$work/made.db" >/dev/null
  "$program" backup "$work/ours.db" --database "$work/made.db" >/dev/null
  sqlite3 "$work/reference/visits.db" "$reference_table"
  # A kill leaves the log beside the file.
  (sqlite3 "$work/reference-in-use/visits.db" "pragma journal_mode=wal; $reference_table" ".shell kill -9 \$PPID" || true) &>/dev/null
  [[ -s $work/reference-in-use/visits.db-wal ]] || fail "no write-ahead log"
  sqlite3 "$work/page-views/visits.db" "create table page_views (id integer primary key, url text, ip_address text, user_agent text, viewed_at text)"
  sqlite3 "$work/ours.db" .dump >"$work/sql/visits.db"
  sqlite3 "$work/dump/visits.db" <"$work/sql/visits.db"
  cp "$work/ours.db" "$work/newer/visits.db"
  sqlite3 "$work/newer/visits.db" "pragma user_version=999"
  sqlite3 "$work/earlier/visits.db" "create table log (id integer primary key) strict; pragma user_version=1;
    pragma application_id=1885823860"
  echo hello >"$work/text/visits.db"
  echo hello | gzip >"$work/gzip/visits.db"
  head -c 9000 /dev/urandom >"$work/garbage/visits.db"
  head -c 60 "$work/ours.db" >"$work/cut-off/visits.db"
  sqlite3 "$work/other/visits.db" "pragma journal_mode=wal; create table address (name text)" >/dev/null
  mkdir -p "$work/folder/visits.db"
  cp "$work/ours.db" "$work/damaged/visits.db"
  head -c 900 /dev/zero | tr '\0' x | dd of="$work/damaged/visits.db" bs=1 seek=100 conv=notrunc status=none
}

# Kind, and what is said of it.
kinds=(
  "reference|another counter's (its table visits holds visits)"
  "reference-in-use|another counter's (its table visits holds visits)"
  "page-views|user_agent, viewed_at as timestamp from page_views"
  "dump|page-count's tables, but not its marks"
  "newer|has schema 999"
  "earlier|then \`page-count import\` into a new file"
  "text|it is a text file"
  "sql|it is a text of SQL"
  "gzip|it is a gzip file"
  "garbage|or it is encrypted or damaged"
  "cut-off|the beginning of an SQLite database, cut off"
  "other|another program's SQLite database (with a table address)"
  "folder|it is a folder"
  "damaged|is damaged"
)

expect_one_line() {  # file, kind, text
  [[ $(wc -l <"$1") == 1 && $(cat "$1") == *"$3"* ]] || fail "${FUNCNAME[1]}: $2: not '$3' in one line but: $(cat "$1")"
  ! grep -qE 'SQLite code|pragma [a-z_]+=[a-z]|cannot (pragma|select|begin)' "$1" || fail "${FUNCNAME[1]}: $2: $(cat "$1")"
}

# Both without a socket, as before a pool starts, and with one.
workers_refuse_at_once() {
  local entry kind before status
  for entry in "${kinds[@]}"; do
    kind=${entry%%|*}
    before=$(state_of "$work/$kind")
    status=0
    timeout 10 "$program" worker --database "$work/$kind/visits.db" --rate-table "$work/rate-table" </dev/null >"$work/said" 2>&1 || status=$?
    [[ $status == 2 ]] || fail "$kind: status $status: $(cat "$work/said")"
    expect_one_line "$work/said" "$kind" "${entry#*|}"
    # In a pool it waits before it ends, as the next one is started at once, unless it is asked to stop.
    : >"$work/said"
    spawn-fcgi -n -s "$work/socket" -- "$program" worker --database "$work/$kind/visits.db" --rate-table "$work/rate-table" \
      >"$work/said" 2>&1 &
    wait_for 10 test -s "$work/said" || fail "$kind with a socket: nothing is said"
    kill -TERM $!
    status=0
    wait $! || status=$?
    [[ $status == 2 ]] || fail "$kind with a socket: status $status: $(cat "$work/said")"
    expect_one_line "$work/said" "$kind" "${entry#*|}"
    [[ $(state_of "$work/$kind") == "$before" ]] || fail "$kind was changed: $(ls "$work/$kind")"
  done
}

# What is no other program's file is not refused for that: without a socket they get no further than that there is none.
a_file_that_is_ours_or_not_there_is_not_refused() {
  local path
  : >"$work/empty.db"
  for path in "$work/missing.db" "$work/empty.db" "$work/ours.db"; do
    local status=0
    "$program" worker --database "$path" --rate-table "$work/rate-table" </dev/null >"$work/said" 2>&1 || status=$?
    [[ $status == 1 && $(cat "$work/said") == *"no listening socket"* ]] || fail "$path: status $status: $(cat "$work/said")"
  done
}

# The unit's start check, with this build's program.
the_unit_refuses_before_the_pool_starts() {
  local check status=0
  check=$(sed -n 's/^ExecStartPre=//p' "$SOURCE_DIR/systemd/page-count-workers@.service" | grep "page-count worker")
  echo "database = $work/reference/visits.db" >"$work/page-count.conf"
  check=${check//\$\$/\$}
  check=${check//\/usr\/bin\/page-count/$program}
  check=${check//\/etc\/page-count\/page-count.conf/$work/page-count.conf}
  env -u PAGE_COUNT_CONFIG bash -c "$check" </dev/null >"$work/said" 2>&1 || status=$?
  [[ $status == 2 ]] || fail "status $status: $(cat "$work/said")"
  expect_one_line "$work/said" reference "another counter's"
}

serve_refuses_at_once() {
  local entry kind status
  for entry in "${kinds[@]}"; do
    kind=${entry%%|*}
    [[ " reference dump newer earlier garbage folder " == *" $kind "* ]] || continue
    status=0
    timeout 20 "$SOURCE_DIR/nginx/serve" --no-build --build-dir "$BUILD_DIR" --http "$(free_port)" --https "$(free_port)" \
      --data "$work/$kind" >"$work/said" 2>&1 || status=$?
    [[ $status == 1 ]] || fail "$kind: status $status: $(cat "$work/said")"
    expect_one_line "$work/said" "$kind" "${entry#*|}"
    [[ ! -e $work/$kind/run ]] || fail "$kind: the run folder is left"
  done
}

is_ready() { grep -qs "^ready " "$work/serve.out"; }

start_serve() {  # data folder
  http=$(free_port)
  rm -f "$work/serve.out"
  "$SOURCE_DIR/nginx/serve" --no-build --build-dir "$BUILD_DIR" --http "$http" --https "$(free_port)" --data "$1" \
    >"$work/serve.out" 2>"$work/serve.err" &
  serve=$!
  wait_for 40 is_ready || fail "serve is not ready: $(cat "$work/serve.err")"
}

stop_serve() {
  kill "$serve"
  wait "$serve" || true
  serve=
}

refusal_of() { "$program" worker --database "$work/$1/visits.db" --rate-table "$work/rate-table" </dev/null 2>&1 || true; }

# Does what the refusal says, word for word.
the_way_out_for_a_references_file_works() {  # kind
  local said command
  said=$(refusal_of "$1")
  cd "$work/$1"
  for command in $(grep -oE 'mv -n [^ ,]+ [^ ,]+' <<<"$said" | tr ' ' '\1'); do eval "$(tr '\1' ' ' <<<"$command")"; done
  start_serve "$work/$1"
  eval "$(grep -oE 'sqlite3 .*>visits.csv' <<<"$said")"
  eval "${program%/*}/$(grep -oE 'page-count import .*' <<<"$said")" >"$work/said" 2>&1 || fail "import: $(cat "$work/said")"
  [[ $(cat "$work/said") == "2 visits imported" ]] || fail "$(cat "$work/said")"
  [[ $(curl -s "http://127.0.0.1:$http/stats") == *'"total_visits":"2"'* ]] || fail "$(curl -s "http://127.0.0.1:$http/stats")"
  [[ $(curl -s "http://127.0.0.1:$http/all-visits?format=csv") == *'2025-09-14 10:30:01'* ]] || fail "the times are not kept"
  cd "$work"
}

the_way_out_for_a_dump_works() {
  local said
  said=$(refusal_of dump)
  eval "$(grep -oE 'sqlite3 [^,]*"' <<<"$said")"
  eval "${program%/*}/$(grep -oE 'page-count check .*' <<<"$said")" >"$work/said" 2>&1 || fail "check: $(cat "$work/said")"
  grep -qF "(1 visits)" "$work/said" || fail "$(cat "$work/said")"
  start_serve "$work/dump"
  stop_serve
}

health() { curl -s -o "$work/health" -w '%{http_code}' "http://127.0.0.1:$http/health"; }
health_is() { [[ $(health) == "$1" ]]; }

# Also from workers that were started meanwhile: the pool was good when it began.
a_file_that_becomes_foreign_is_a_503_until_it_is_back() {  # data folder, in which serve runs
  local before
  mkdir "$work/aside"
  mv "$1"/visits.db{,-wal,-shm} "$work/aside"
  cp "$work/page-views/visits.db" "$1"
  wait_for 20 health_is 503 || fail "$(cat "$work/health")"
  before=$(workers)
  # shellcheck disable=SC2086
  kill -KILL $before
  wait_for 20 has_two_other_workers "$before" || fail "workers: $before, then $(workers)"
  before=$(workers)
  wait_for 20 health_is 503 || fail "$(cat "$work/health")"
  grep -qF "its table page_views holds visits" "$work/serve.err" || fail "$(cat "$work/serve.err")"
  mv "$work/aside"/visits.db{,-wal,-shm} "$1"
  wait_for 20 health_is 200 || fail "$(cat "$work/health")"
  [[ $(workers) == "$before" ]] || fail "workers: $before, then $(workers)"
}

# Not even a tool that makes a database puts its visits into somebody else's.
import_refuses_too() {
  local status=0
  "$program" import "$work/one.csv" --database "$work/other/visits.db" >"$work/said" 2>&1 || status=$?
  [[ $status == 1 ]] || fail "status $status"
  expect_one_line "$work/said" other "another program's SQLite database"
}

# Whatever a tool is to do with it.
every_tool_refuses_a_file_of_an_earlier_build() {
  local before database=$work/earlier/visits.db command status
  local of="--database $database"
  before=$(state_of "$work/earlier")
  for command in "check $of" "check --repair $of" "export $of" "cleanup $of" "backup $work/copy.db $of" \
    "import $work/one.csv $of" "restore $database --database $work/restored.db"; do
    status=0
    # shellcheck disable=SC2086
    "$program" $command >"$work/said" 2>&1 || status=$?
    [[ $status == 1 ]] || fail "$command: status $status"
    expect_one_line "$work/said" "$command" "before version 4 of the database's schema"
    [[ $(state_of "$work/earlier") == "$before" ]] || fail "$command: $(ls "$work/earlier")"
  done
}

tests=(workers_refuse_at_once a_file_that_is_ours_or_not_there_is_not_refused the_unit_refuses_before_the_pool_starts serve_refuses_at_once
  import_refuses_too every_tool_refuses_a_file_of_an_earlier_build the_way_out_for_a_dump_works)
make_files
if (($#)); then
  for test in "$@"; do $test; done
else
  for test in "${tests[@]}"; do $test; done
  the_way_out_for_a_references_file_works reference-in-use
  stop_serve
  the_way_out_for_a_references_file_works reference
  a_file_that_becomes_foreign_is_a_503_until_it_is_back "$work/reference"
  stop_serve
fi
echo "passed"
