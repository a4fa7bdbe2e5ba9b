#!/bin/bash
# The command-line tools on files that are missing, empty, copied, in use or read-only: what they make of them, and that
# they leave everything beside them as it was.
#
# Needs BUILD_DIR in the environment.
set -euo pipefail

# shellcheck source=tests/e2e/tools_fixture.sh
source "$(dirname "$0")/tools_fixture.sh"

# Names, sizes and content of all in a folder.
state_of() { (cd "$1" && find . -type f -printf '%p %s\n' -exec cksum {} + | sort; find . ! -type f ! -type d); }

each_tool_refuses() {  # folder, text
  local before tool
  before=$(state_of "$1")
  for tool in check "check --repair" export "sql select" "backup $work/refused.db" cleanup; do
    # shellcheck disable=SC2086 # two words
    run "$1/visits.db" $tool
    expect_refusal "$2"
    [[ $(state_of "$1") == "$before" ]] || fail "$tool changed the folder: $(names_in "$1")"
    [[ ! -e $work/refused.db ]] || fail "$tool made a copy"
  done
}

folder_with() {  # name file...
  mkdir "$work/$1"
  (($# == 1)) || cp "${@:2}" "$work/$1"
}

what_cannot_be_used_is_told_apart_and_nothing_is_made() {
  folder_with lone "$work/young/visits.db"
  each_tool_refuses "$work/lone" "a young database without its write-ahead log"
  folder_with missing
  each_tool_refuses "$work/missing" "does not exist; name it with --database"
  folder_with missing-with-log "$work/young/visits.db-wal"
  each_tool_refuses "$work/missing-with-log" "does not exist, but its write-ahead log does"
  folder_with empty
  : >"$work/empty/visits.db"
  each_tool_refuses "$work/empty" "is an empty file: nothing was ever recorded in it"
  folder_with empty-with-log "$work/young/visits.db-wal"
  : >"$work/empty-with-log/visits.db"
  each_tool_refuses "$work/empty-with-log" "is an empty file, but its write-ahead log is not"
  folder_with no-tables
  sqlite3 "$work/no-tables/visits.db" "create table t (x); drop table t"
  each_tool_refuses "$work/no-tables" "has no tables: nothing was ever recorded in it"
  folder_with text
  echo hello >"$work/text/visits.db"
  each_tool_refuses "$work/text" "it is a text file"
  folder_with cut-off
  head -c 50000 "$work/whole.db" >"$work/cut-off/visits.db"
  each_tool_refuses_but_backup_and_repair_may_see_damage_later "$work/cut-off"
  mkdir -p "$work/folder/visits.db"
  each_tool_refuses "$work/folder" "it is a folder"
}

# Half a database has a sound header. None of what is done with it may end well.
each_tool_refuses_but_backup_and_repair_may_see_damage_later() {
  local tool
  for tool in check "backup $work/refused.db"; do
    # shellcheck disable=SC2086
    run "$1/visits.db" $tool
    [[ $status == 1 ]] || fail "$tool: status $status"
    grep -qE "damaged|malformed|invalid page number|is never used" "$work/out" "$work/err" || fail "$tool: $(cat "$work/out" "$work/err")"
    [[ ! -e $work/refused.db && ! -e $work/refused.db.partial ]] || fail "$tool made a copy"
    [[ $(names_in "$1") == "./visits.db " ]] || fail "$tool: $(names_in "$1")"
  done
}

each_tool_works() {  # folder, visits
  local before
  before=$(names_in "$1")
  run "$1/visits.db" check
  expect_done "ok: the file is whole"
  [[ $(names_in "$1") == "$before" ]] || fail "before check: $before, now: $(names_in "$1")"
  expect_done "($2 visits)"
  run "$1/visits.db" export
  expect_done '"url":"https://site.example/'
  [[ $(wc -l <"$work/out") == "$2" ]] || fail "exported $(wc -l <"$work/out") visits"
  run "$1/visits.db" sql "select count(*) || ' in all' from visits"
  expect_done "$2 in all"
  rm -f "$work/copy.db"
  run "$1/visits.db" backup "$work/copy.db"
  expect_done "($2 visits)"
  [[ $(names_in "$1") == "$before" ]] || fail "before export and backup: $before, now: $(names_in "$1")"
}

each_changing_tool_works() {  # folder, visits, names afterwards
  run "$1/visits.db" check --repair
  expect_done "($2 visits)"
  [[ $(names_in "$1") == "$3" ]] || fail "repair: $(names_in "$1")"
  run "$1/visits.db" cleanup --days 36500
  expect_done "0 visits before"
  run "$1/visits.db" check
  expect_done "($2 visits)"
  [[ $(names_in "$1") == "$3" ]] || fail "cleanup: $(names_in "$1")"
}

service_files="./visits.db ./visits.db-shm ./visits.db-wal ./visits.db.lock ./visits.db.maintenance "

copies_are_used_and_nothing_is_left_beside_them() {
  folder_with copy "$work/whole.db"
  mv "$work/copy/whole.db" "$work/copy/visits.db"
  each_tool_works "$work/copy" 20000
  each_changing_tool_works "$work/copy" 20000 "./visits.db "
  folder_with pair "$work/young/visits.db" "$work/young/visits.db-wal"
  each_tool_works "$work/pair" 300
  each_changing_tool_works "$work/pair" 300 "./visits.db "
  folder_with "odd?name#%41" "$work/copy/visits.db"
  each_tool_works "$work/odd?name#%41" 20000
}

# After a database was taken over by an SQLite tool, which moves the log into it, that is no fault; after a copy it is one.
a_lone_file_is_used_and_its_missing_log_is_said() {
  folder_with without-log "$work/young/visits.db" "$work/young/visits.db-wal"
  sqlite3 "$work/without-log/visits.db" "pragma wal_checkpoint(truncate)" >/dev/null
  rm -f "$work/without-log/"visits.db-*
  each_tool_works "$work/without-log" 300
  grep -qF "no write-ahead log" "$work/err" || fail "nothing is said of the log"
}

tools_work_after_a_clean_stop() {
  each_tool_works "$work/young" 300
  each_changing_tool_works "$work/young" 300 "$service_files"
}

tools_work_as_the_services_user() {
  ((EUID == 0)) || { skip "not root"; return; }
  setpriv --reuid 65534 --regid 65534 --clear-groups "$program" version >/dev/null 2>&1 || { skip "the program is not everybody's to run"; return; }
  local users=(setpriv --reuid 65534 --regid 65534 --clear-groups "$program")
  chmod 711 "$work"
  folder_with service "$work"/young/visits.db*
  chown -R 65534:65534 "$work/service"
  chmod 700 "$work/service"
  "${users[@]}" check --database "$work/service/visits.db" >"$work/out" || fail "check"
  "${users[@]}" export --database "$work/service/visits.db" >"$work/out" || fail "export"
  "${users[@]}" backup "$work/service/copy" --database "$work/service/visits.db" >"$work/out" || fail "backup"
  "${users[@]}" cleanup --database "$work/service/visits.db" --days 36500 >"$work/out" || fail "cleanup"
  rm "$work/service/copy"
  beside_running_workers_root_makes_nothing
  [[ ! $(find "$work/service" ! -uid 65534) ]] || fail "root's files: $(find "$work/service" ! -uid 65534)"
}

log_index_is_there() { [[ -s $work/service/visits.db-shm ]]; }

beside_running_workers_root_makes_nothing() {
  rm "$work"/service/visits.db{-shm,.lock,.maintenance}
  mkdir "$work/service/run"
  chown 65534:65534 "$work/service/run"
  setpriv --reuid 65534 --regid 65534 --clear-groups spawn-fcgi -n -s "$work/service/run/socket" -- "$program" worker \
    --database "$work/service/visits.db" --rate-table "$work/service/run/rate-table" --drain 0 2>"$work/pool" &
  pool=$!
  wait_for 20 log_index_is_there || fail "the worker does not start: $(cat "$work/pool")"
  wait_for 20 test -e "$work/service/visits.db.maintenance" || fail "the worker does not start: $(cat "$work/pool")"
  each_tool_works "$work/service" 300
  run "$work/service/visits.db" cleanup --days 36500
  expect_done "0 visits before"
  kill "$pool"
  wait "$pool" || true
  pool=
  rm -r "$work/service/run"
}

tools_read_a_read_only_copy() {
  mkdir "$work/read-only"
  may_mount "$work/read-only" || { skip "this machine does not permit mounting"; return; }
  local made
  for made in "visits.db visits.db-wal visits.db-shm" "visits.db visits.db-wal"; do
    mount -t tmpfs -o size=48m tmpfs "$work/read-only"
    (cd "$work/young" && cp $made "$work/read-only")
    mount -o remount,ro "$work/read-only"
    each_tool_works "$work/read-only" 300
    run "$work/read-only/visits.db" cleanup
    [[ $status == 1 ]] || fail "cleanup of a read-only copy: status $status"
    umount "$work/read-only"
  done
}

(($#)) || set -- what_cannot_be_used_is_told_apart_and_nothing_is_made \
  copies_are_used_and_nothing_is_left_beside_them \
  a_lone_file_is_used_and_its_missing_log_is_said \
  tools_work_after_a_clean_stop \
  tools_work_as_the_services_user \
  tools_read_a_read_only_copy
run_tests "$@"
