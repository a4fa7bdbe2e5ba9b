#!/bin/bash
# What a command cannot write on its standard output is an error: where that is full, closed, a pipe without a reader, or
# beyond the size that a file may have.
#
# Needs BUILD_DIR in the environment.
set -euo pipefail

# shellcheck source=tests/e2e/tools_fixture.sh
source "$(dirname "$0")/tools_fixture.sh"

expect_cannot_write() {  # what
  [[ $status != 0 && $status -lt 126 ]] || fail "${FUNCNAME[1]}: $1: status $status"
  [[ $(cat "$work/err") == *"cannot write to standard output: "* ]] || fail "${FUNCNAME[1]}: $1: $(cat "$work/err")"
}

# Into what is full, closed, without a reader, and too small.
each_way_of_writing_fails() {  # command [argument...]
  status=0
  "$program" "$@" >/dev/full 2>"$work/err" || status=$?
  expect_cannot_write "$* >/dev/full"
  status=0
  "$program" "$@" >&- 2>"$work/err" || status=$?
  expect_cannot_write "$* >&-"
  exec 5> >(exit 0)
  wait $! || true # it may be known no more, as it has ended
  status=0
  "$program" "$@" >&5 2>"$work/err" || status=$?
  exec 5>&-
  expect_cannot_write "$* into a pipe without a reader"
  if [[ $mounted == yes ]]; then
    status=0
    "$program" "$@" >"$work/small/out" 2>"$work/err" || status=$?
    expect_cannot_write "$* on a full disk"
    rm "$work/small/out"
  fi
}

what_cannot_be_written_is_an_error() {
  local mounted=no format
  mkdir "$work/small"
  if may_mount "$work/small"; then
    mount -t tmpfs -o size=64k tmpfs "$work/small"
    mounted=yes
    head -c 64k /dev/zero >"$work/small/ballast"
  else
    skip "no full disk: this machine does not permit mounting"
  fi
  for format in json jsonl csv; do
    each_way_of_writing_fails export --format $format --database "$work/young/visits.db"
    each_way_of_writing_fails export --format $format --database "$work/whole.db"
    status=0
    (ulimit -f 100 && exec "$program" export --format $format --database "$work/whole.db" >"$work/limited" 2>"$work/err") || status=$?
    expect_cannot_write "$format beyond the size that a file may have"
  done
  each_way_of_writing_fails sql "select * from visits" --database "$work/whole.db"
  each_way_of_writing_fails check --database "$work/whole.db"
  each_way_of_writing_fails cleanup --days 36500 --database "$work/young/visits.db"
  each_way_of_writing_fails import "$work/few.csv" --database "$work/imported.db"
  each_way_of_writing_fails version
  each_way_of_writing_fails --help
  local command
  for command in worker check import export sql backup cleanup; do each_way_of_writing_fails "$command" --help; done
  status=0
  "$program" backup "$work/unsaid.db" --database "$work/whole.db" >/dev/full 2>"$work/err" || status=$?
  expect_cannot_write "backup"
}

log_is_as_long_as_it_may_be() { (($(stat -c %s "$work/limited.db-wal" 2>/dev/null || echo 0) == 4096000)); }

# A worker makes its write-ahead log longer than this at once.
a_worker_outlives_a_limit_on_the_size_of_files() {
  local status=0
  (ulimit -f 4000 && exec spawn-fcgi -n -s "$work/socket" -- "$program" worker --database "$work/limited.db" \
    --rate-table "$work/rate-table" --rate-keys 16 --drain 0 2>"$work/err") &
  pool=$!
  wait_for 20 log_is_as_long_as_it_may_be || fail "$(cat "$work/err")"
  kill "$pool" 2>/dev/null || true
  wait "$pool" || status=$?
  pool=
  [[ $status == 0 ]] || fail "status $status: $(cat "$work/err")"
}

(($#)) || set -- what_cannot_be_written_is_an_error a_worker_outlives_a_limit_on_the_size_of_files
run_tests "$@"
