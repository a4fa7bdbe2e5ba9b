#!/bin/bash
# page-count backup where there is no room, where it is killed, and where the disk loses what was written: nothing is under
# the final name that is not whole.
#
# Needs BUILD_DIR in the environment.
set -euo pipefail

# shellcheck source=tests/e2e/tools_fixture.sh
source "$(dirname "$0")/tools_fixture.sh"

backup() {  # [command...]
  status=0
  "$@" "$program" backup "$work/backup/copy.db" --database "$work/whole.db" >"$work/out" 2>"$work/err" || status=$?
}

expect_no_backup() {  # names that may be there
  [[ $status != 0 ]] || fail "${FUNCNAME[1]}: status 0"
  [[ $(names_in "$work/backup") == "${1-}" ]] || fail "${FUNCNAME[1]}: there is $(names_in "$work/backup")"
}

expect_backup() {
  [[ $status == 0 ]] || fail "${FUNCNAME[1]}: status $status: $(cat "$work/err")"
  [[ $(names_in "$work/backup") == "./copy.db " ]] || fail "${FUNCNAME[1]}: there is $(names_in "$work/backup")"
  run "$work/backup/copy.db" check
  expect_done "(20000 visits)"
  rm "$work/backup/copy.db"
}

limited() { (ulimit -f 100 && "$@"); }

a_backup_without_room_leaves_nothing() {
  backup limited
  expect_no_backup
  grep -qF "cannot write $work/backup/copy.db: File too large" "$work/err" || fail "$(cat "$work/err")"
  may_mount "$work/backup" || { skip "this machine does not permit mounting"; return; }
  mount -t tmpfs -o size=256k tmpfs "$work/backup"
  backup
  expect_no_backup
  grep -qF "cannot write $work/backup/copy.db: No space left on device" "$work/err" || fail "$(cat "$work/err")"
  umount "$work/backup"
}

# strace delivers the signal, or the fault, at the system call that is named.
at() {  # system call, what happens
  local call=$1 what=$2
  shift 2
  strace -f -o /dev/null -e "trace=$call" -e "inject=$call:$what" "$@"
}

a_killed_backup_leaves_nothing_under_its_name() {
  local moment
  for moment in pwrite64:when=40 pwrite64:when=5 fsync:when=1 renameat2:when=1; do
    backup at "${moment%%:*}" "signal=KILL:${moment#*:}"
    [[ $status != 0 && ! -e $work/backup/copy.db ]] || fail "$moment: status $status, $(names_in "$work/backup")"
    backup
    grep -qF "copy.db.partial was left behind by a command that was killed" "$work/err" || fail "$(cat "$work/err")"
    expect_backup
  done
  for signal in TERM INT HUP; do
    backup at pwrite64 "signal=$signal:when=40"
    expect_no_backup
  done
}

a_backup_that_the_disk_lost_is_no_backup() {
  backup at fsync "error=EIO:when=1"
  expect_no_backup
  grep -qF "cannot write $work/backup/copy.db: Input/output error" "$work/err" || fail "$(cat "$work/err")"
  backup at pwrite64 "retval=4096:when=40" # written, says the kernel, and is not
  expect_no_backup
  grep -qF "the copy" "$work/err" || fail "$(cat "$work/err")"
}

a_backup_is_synced_before_it_gets_its_name() {
  local calls
  backup strace -f -o "$work/calls" -e trace=fsync,renameat2
  calls=$(grep -oE '(fsync|renameat2)\(' "$work/calls" | tail -n 3 | tr -d '\n') || true
  [[ $calls == "fsync(renameat2(fsync(" ]] || fail "not synced, named, synced but: '$calls'"
  expect_backup
}

a_backup_replaces_nothing() {
  echo mine >"$work/backup/copy.db"
  backup
  [[ $status == 1 && $(cat "$work/backup/copy.db") == mine ]] || fail "status $status"
  grep -qF "cannot write $work/backup/copy.db: File exists" "$work/err" || fail "$(cat "$work/err")"
  rm "$work/backup/copy.db"
  : >"$work/backup/copy.db.partial"
  exec 8<"$work/backup/copy.db.partial"
  flock 8
  backup
  expect_no_backup "./copy.db.partial "
  grep -qF "somebody else is just writing" "$work/err" || fail "$(cat "$work/err")"
  exec 8<&-
  backup
  expect_backup
}

(($#)) || set -- a_backup_without_room_leaves_nothing \
  a_killed_backup_leaves_nothing_under_its_name \
  a_backup_that_the_disk_lost_is_no_backup \
  a_backup_is_synced_before_it_gets_its_name \
  a_backup_replaces_nothing
run_tests "$@"
