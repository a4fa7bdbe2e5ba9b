#!/bin/bash
# nginx/serve as an operator meets it: what it prints, what it refuses, and what it leaves behind.
#
# Needs BUILD_DIR and SOURCE_DIR in the environment.
set -euo pipefail
# shellcheck source=tests/e2e/functions.sh
source "$(dirname "$0")/functions.sh"

work=$(mktemp -d)
serves=()

clean_up() {
  local pid
  for pid in "${serves[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${serves[@]}"; do wait "$pid" 2>/dev/null || true; done
  for pid in $(processes_in "$work"); do kill -KILL "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap clean_up EXIT
trap 'echo "FAILED in line $LINENO" >&2' ERR

fail() {
  echo "FAILED: ${FUNCNAME[1]}: $*" >&2
  tail -n 20 "$work"/*.out >&2 2>/dev/null || true
  exit 1
}

is_empty_of_processes() { [[ ! $(processes_in "$1") ]]; }

workers_of() {  # data folder
  local pid
  for pid in $(processes_in "$1"); do
    [[ $(cat "/proc/$pid/comm" 2>/dev/null) != page-count ]] || echo "$pid"
  done
}

has_two_workers() { (($(workers_of "$1" | wc -l) == 2)); }

has_two_other_workers() {  # data folder, those before
  has_two_workers "$1" && ! grep -qxF -e "$2" <<<"$(workers_of "$1")"
}

# A shell has its background jobs ignore SIGINT, which a script could not undo.
# As under nohup.
start() {  # name http https data [option...]
  local name=$1
  env --default-signal=INT --ignore-signal=HUP "$SOURCE_DIR/nginx/serve" --no-build --build-dir "$BUILD_DIR" --http "$2" --https "$3" --data "$4" "${@:5}" \
    >"$work/$name.out" 2>"$work/$name.err.out" &
  serve=$!
  serves+=("$serve")
}

is_ready() { grep -qs "^ready " "$work/$1.out"; }

await_ready() { wait_for 40 is_ready "$1" || fail "$1 is not ready"; }

is_healthy() (  # port
  exec 3<>"/dev/tcp/127.0.0.1/$1" || exit
  printf 'GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
  read -t 20 -r line <&3
  [[ $line == *" 200 "* ]]
) 2>/dev/null

has_ended() { ! kill -0 "$1" 2>/dev/null; }

expect_nothing_left() {  # data folder
  is_empty_of_processes "$1" || fail "processes left: $(processes_in "$1")"
  [[ ! -e $1/run ]] || fail "the run folder is left"
  flock -n "$1" true || fail "the data folder is still locked"
}

expect_refusal() {  # status, text, option...
  local status=0
  timeout 30 "$SOURCE_DIR/nginx/serve" --no-build --build-dir "$BUILD_DIR" "${@:3}" >"$work/refusal.out" 2>&1 || status=$?
  [[ $status == "$1" ]] || fail "${*:3}: status $status"
  [[ $(wc -l <"$work/refusal.out") == 1 && $(cat "$work/refusal.out") == *"$2"* ]] || fail "${*:3} does not say '$2' in one line"
}

refuses_what_makes_no_sense() {
  expect_refusal 2 "--http takes a number from 1 to 65535, not '0'" --http 0
  expect_refusal 2 "not '65536'" --https 65536
  expect_refusal 2 "not '80x'" --http=80x
  expect_refusal 2 "not '-1'" --workers -1
  expect_refusal 2 "--threads takes a value" --threads
  expect_refusal 2 "unknown option '--nothing'" --nothing
  expect_refusal 2 "two ports" --http 18080 --https 18080
  "$SOURCE_DIR/nginx/serve" --help | grep -q -- --no-build || fail "--help does not list --no-build"
}

refuses_a_folder_it_cannot_write() {
  touch "$work/file"
  expect_refusal 1 "cannot write in $work/file" --data "$work/file" --http "$(free_port)" --https "$(free_port)"
  expect_refusal 1 "cannot write in $work/file/below" --data "$work/file/below" --http "$(free_port)" --https "$(free_port)"
}

refuses_a_setting_of_the_workers() {
  PAGE_COUNT_VISIT_LIMIT=many expect_refusal 1 "--visit-limit: 'many'" --data "$work/other" --http "$(free_port)" \
    --https "$(free_port)"
}

refuses_a_rate_table_without_room() (
  ulimit -f 4096 # KiB; the table takes 6.3 MiB
  expect_refusal 1 "cannot make the rate table: allocating 6819840 bytes" --data "$work/other" --http "$(free_port)" --https "$(free_port)"
  expect_refusal 1 "File too large; make room in" --data "$work/other" --http "$(free_port)" --https "$(free_port)"
)

refuses_a_port_in_use() {
  expect_refusal 1 "port $http is in use; choose another with --http PORT" --http "$http" --https "$(free_port)" --data "$work/other"
  expect_refusal 1 "port $https is in use; choose another with --https PORT" --http "$(free_port)" --https "$https" --data "$work/other"
}

says_that_it_is_ready_once_it_answers() {
  start one "$http" "$https" "$data"
  one=$serve
  await_ready one
  [[ $(cat "$work/one.out") == "ready http://127.0.0.1:$http https://127.0.0.1:$https" ]] || fail "the ready line"
  is_healthy "$http" || fail "not healthy"
  wait_for 5 has_two_workers "$data" || fail "not two workers"
}

makes_a_password_for_its_owner_alone() {
  grep -q "$data/admin-password" "$work/one.err.out" || fail "does not say where the password is"
  [[ $(stat -c %a "$data/admin-password") == 600 ]] || fail "admin-password is readable by others"
  grep -q '^admin:\$6\$' "$data/htpasswd" || fail "htpasswd"
}

a_second_one_runs_beside_the_first() {
  start two "$(free_port)" "$(free_port)" "$work/a longer name; of a folder \$with all that a shell, nginx or a socket's name (107 bytes) {could} stumble over 'x' \"y\""
  await_ready two
  kill -TERM "$serve"
  wait "$serve" || fail "status $?"
  ! grep -q Killed "$work/two.err.out" || fail "does not wait for its parts to end"
}

a_second_one_on_the_same_data_is_refused() {
  local status=0
  start same "$(free_port)" "$(free_port)" "$data"
  wait "$serve" || status=$?
  [[ $status == 1 ]] && grep -q "another serve is running on $data" "$work/same.err.out" || fail "status $status"
  is_healthy "$http" || fail "the first one suffered"
}

a_killed_worker_is_replaced() {
  local killed
  killed=$(workers_of "$data" | sed -n 1p)
  kill -KILL "$killed"
  wait_for 5 has_ended "$killed" || fail "not killed"
  wait_for 5 has_two_workers "$data" || fail "not two workers again"
}

has_said_it() { (($(grep -c "cannot make the rate table" "$work/one.err.out") >= $1)); }

a_worker_that_cannot_start_says_why_and_waits() {
  local table=$data/run/rate-table worker first
  worker=$(workers_of "$data" | sed -n 1p)
  mv "$table" "$data/run/aside"
  mkdir -p "$table/in the way"
  kill -KILL "$worker"
  wait_for 5 has_said_it 1 || fail "does not say why"
  first=$SECONDS
  wait_for 15 has_said_it 2 || fail "does not try again"
  ((SECONDS - first >= 4)) || fail "tries again after $((SECONDS - first)) s"
  is_healthy "$http" || fail "the other worker suffered"
  [[ $(grep "cannot make the rate table" "$work/one.err.out") == *"Is a directory"* ]] || fail "not the system's reason"
  rm -r "$table"
  mv "$data/run/aside" "$table"
  wait_for 15 has_two_workers "$data" || fail "not two workers again"
}

hangup_restarts_the_workers_and_fails_no_request() {
  local before nginx deadline=$((SECONDS + 60))
  before=$(workers_of "$data")
  nginx=$(cat "$data/run/nginx.pid")
  kill -HUP "$one"
  until has_two_other_workers "$data" "$before"; do
    is_healthy "$http" || fail "a request failed"
    ((SECONDS < deadline)) || fail "not two other workers"
    sleep 0.05
  done
  [[ $(cat "$data/run/nginx.pid") == "$nginx" ]] || fail "nginx restarted too"
}

stops_within_15_seconds_and_leaves_nothing() {
  local begun=$SECONDS
  exec 4<>"/dev/tcp/127.0.0.1/$http"  # a client that stays
  printf 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /he' >&4
  kill "-$1" "$one"
  wait "$one" || fail "status $?"
  exec 4>&-
  ((SECONDS - begun <= 15)) || fail "took $((SECONDS - begun)) s"
  expect_nothing_left "$data"
}

starts_again_after_it_was_killed() {
  start killed "$http" "$https" "$data"
  await_ready killed
  local before
  before=$(workers_of "$data")
  kill -KILL "$serve"
  wait "$serve" 2>/dev/null || true
  start one "$http" "$https" "$data"
  one=$serve
  await_ready one
  wait_for 5 has_two_other_workers "$data" "$before" || fail "strays: $before, now $(workers_of "$data")"
  ! grep -q "the password is in" "$work/one.err.out" || fail "made a second password"
}

ends_when_a_part_ends_by_itself() {  # name of its pid file
  local status=0
  start "without-$1" "$(free_port)" "$(free_port)" "$work/parts"
  await_ready "without-$1"
  kill -KILL "$(cat "$work/parts/run/$1.pid")"
  wait "$serve" || status=$?
  [[ $status == 1 ]] && grep -q "has ended by itself" "$work/without-$1.err.out" || fail "status $status without $1"
  expect_nothing_left "$work/parts"
}

http=$(free_port)
https=$(free_port)
data=$work/data
refuses_what_makes_no_sense
refuses_a_folder_it_cannot_write
says_that_it_is_ready_once_it_answers
makes_a_password_for_its_owner_alone
refuses_a_setting_of_the_workers
refuses_a_rate_table_without_room
refuses_a_port_in_use
a_second_one_runs_beside_the_first
a_second_one_on_the_same_data_is_refused
a_killed_worker_is_replaced
a_worker_that_cannot_start_says_why_and_waits
hangup_restarts_the_workers_and_fails_no_request
stops_within_15_seconds_and_leaves_nothing TERM
starts_again_after_it_was_killed
stops_within_15_seconds_and_leaves_nothing INT
ends_when_a_part_ends_by_itself nginx
ends_when_a_part_ends_by_itself workers
echo "passed"
