#!/bin/bash
# page-count export --format sqlite: a plain file with every visit, and none under its name that is not whole.
#
# Needs BUILD_DIR in the environment.
set -euo pipefail

# shellcheck source=tests/e2e/tools_fixture.sh
source "$(dirname "$0")/tools_fixture.sh"

mkdir "$work/plain"
plain=$work/plain/visits.db

export_plain() {  # database [command...]
  status=0
  "${@:2}" "$program" export --format sqlite "$plain" --database "$1" >"$work/out" 2>"$work/err" || status=$?
}

expect_no_file() {  # text on standard error
  [[ $status != 0 ]] || fail "${FUNCNAME[1]}: status 0"
  [[ $(names_in "$work/plain") == "" ]] || fail "${FUNCNAME[1]}: there is $(names_in "$work/plain")"
  grep -qF -- "$1" "$work/err" || fail "${FUNCNAME[1]}: not '$1' but: $(cat "$work/err")"
}

it_has_every_visit_in_one_table() {
  local database visits
  for database in "$work/whole.db" "$work/young/visits.db"; do
    visits=$("$program" sql "select count(*) from visits" --database "$database" | tr -d '\r' | tail -n 1)
    export_plain "$database"
    expect_done "wrote $visits visits to $plain"
    [[ $(names_in "$work/plain") == "./visits.db " && $(stat -c %a "$plain") == 600 ]] || fail "$(ls -la "$work/plain")"
    [[ $(sqlite3 "$plain" "pragma integrity_check; select group_concat(name) from sqlite_schema") == $'ok\nvisits' ]] || fail "the file is not plain"
    "$program" sql "select * from visits" --database "$database" | tr -d '\r"' >"$work/expected"
    cmp "$work/expected" <(sqlite3 -csv -header "$plain" "select * from visits" | tr -d '\r"') || fail "other visits than $database"
    rm "$plain"
  done
}

it_can_be_imported_as_the_references_file() {
  export_plain "$work/whole.db"
  sqlite3 -csv -header "$plain" "select * from visits order by id" | "$program" import - --database "$work/again.db" >"$work/out"
  expect_done "20000 visits imported"
  cmp <("$program" export --database "$work/whole.db") <("$program" export --database "$work/again.db") || fail "other visits"
  rm "$plain"
}

limited() { (ulimit -f 100 && "$@"); }

without_room_nothing_is_left() {
  export_plain "$work/whole.db" limited
  expect_no_file "cannot write $plain: File too large"
  may_mount "$work/plain" || { skip "this machine does not permit mounting"; return; }
  mount -t tmpfs -o size=256k tmpfs "$work/plain"
  export_plain "$work/whole.db"
  expect_no_file "cannot write $plain: No space left on device"
  umount "$work/plain"
}

at() {  # system call, what happens, command...
  strace -f -o /dev/null -e "trace=$1" -e "inject=$1:$2" "${@:3}"
}

what_ends_it_leaves_nothing_under_its_name() {
  export_plain "$work/whole.db" at fsync error=EIO:when=1
  expect_no_file "cannot write $plain: Input/output error"
  export_plain "$work/whole.db" at pwrite64 signal=TERM:when=100
  expect_no_file ""
  export_plain "$work/whole.db" at pwrite64 signal=KILL:when=100
  [[ $status != 0 && ! -e $plain ]] || fail "status $status, $(names_in "$work/plain")"
  export_plain "$work/whole.db"
  expect_done "wrote 20000 visits"
  rm "$plain"
}

it_is_synced_before_it_gets_its_name() {
  local calls
  export_plain "$work/whole.db" strace -f -o "$work/calls" -e trace=fsync,renameat2
  calls=$(grep -oE '(fsync|renameat2)\(' "$work/calls" | tail -n 3 | tr -d '\n') || true
  [[ $calls == "fsync(renameat2(fsync(" ]] || fail "not synced, named, synced but: '$calls'"
  rm "$plain"
}

it_replaces_nothing_and_is_asked_for_rightly() {
  echo mine >"$plain"
  export_plain "$work/whole.db"
  [[ $status == 1 && $(<"$plain") == mine ]] || fail "status $status"
  grep -qF "cannot write $plain: File exists" "$work/err" || fail "$(cat "$work/err")"
  rm "$plain"
  run "$work/whole.db" export --format sqlite
  [[ $status == 2 ]] || fail "status $status without a file"
  run "$work/whole.db" export --format csv "$plain"
  [[ $status == 2 && ! -e $plain ]] || fail "status $status with a file for csv"
  export_plain "$work/missing.db"
  expect_no_file "does not exist; name it with --database"
}

(($#)) || set -- it_has_every_visit_in_one_table it_can_be_imported_as_the_references_file without_room_nothing_is_left \
  what_ends_it_leaves_nothing_under_its_name it_is_synced_before_it_gets_its_name it_replaces_nothing_and_is_asked_for_rightly
run_tests "$@"
