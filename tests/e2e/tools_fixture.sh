#!/bin/bash
# For the tests of the command-line tools: databases to use them on, and what to expect of them. Sourced.
#
# $work/young is a folder as workers leave it, with 300 visits, all of them in the write-ahead log; $work/whole.db a backup
# with 20,000. Needs BUILD_DIR in the environment. As root a test mounts small file systems, in a mount namespace of its
# own.

if [[ ! ${IN_OWN_MOUNTS-} ]]; then
  if unshare -m true 2>/dev/null; then
    IN_OWN_MOUNTS=yes exec unshare -m --propagation private bash "$0" "$@"
  fi
  IN_OWN_MOUNTS=no
fi

# shellcheck source=tests/e2e/functions.sh
source "$(dirname "$0")/functions.sh"
program=$BUILD_DIR/worker/page-count
work=$(mktemp -d)
pool=
export PAGE_COUNT_CONFIG=/dev/null ASAN_OPTIONS=detect_leaks=0 # which strace does not permit

clean_up() {
  [[ ! $pool ]] || kill "$pool" 2>/dev/null || true
  wait
  cd /
  local mounted
  for mounted in small read-only backup; do ! mountpoint -q "$work/$mounted" || umount "$work/$mounted"; done
  rm -rf "$work"
}
trap clean_up EXIT
set -o errtrace # a function that ends the test says where
trap 'echo "FAILED in line $LINENO" >&2' ERR

may_mount() { [[ $IN_OWN_MOUNTS == yes ]] && mount -t tmpfs -o size=64k tmpfs "$1" 2>/dev/null && umount "$1"; }

make_visits() {  # number; CSV on standard output
  echo "url,ip,user_agent,timestamp"
  seq "$1" | awk '{ printf "https://site.example/%d,192.0.2.%d,Lynx,2026-01-%02d 10:%02d:%02d\n", $1 % 977, $1 % 251, 1 + $1 % 28, $1 / 60 % 60, $1 % 60 }'
}

# Runs a tool on a database; its output and status are looked at by the two after it.
run() {  # database command [argument...]
  status=0
  "$program" "$2" "${@:3}" --database "$1" >"$work/out" 2>"$work/err" || status=$?
}

expect_done() {  # text on standard output
  [[ $status == 0 ]] || fail "${FUNCNAME[1]}: status $status: $(cat "$work/err")"
  grep -qF -- "$1" "$work/out" || fail "${FUNCNAME[1]}: not '$1' but: $(head -c 300 "$work/out")"
}

expect_refusal() {  # text on standard error, one line
  [[ $status == 1 ]] || fail "${FUNCNAME[1]}: status $status, expected '$1'"
  [[ $(wc -l <"$work/err") == 1 ]] || fail "${FUNCNAME[1]}: not one line: $(cat "$work/err")"
  grep -qF -- "$1" "$work/err" || fail "${FUNCNAME[1]}: not '$1' but: $(cat "$work/err")"
}

names_in() { (cd "$1" && find . -mindepth 1 | sort | tr '\n' ' '); }

mkdir "$work/young" "$work/old" "$work/backup"
make_visits 300 >"$work/few.csv"
make_visits 20000 >"$work/many.csv"
"$program" import "$work/few.csv" --database "$work/young/visits.db" >/dev/null
"$program" import "$work/many.csv" --database "$work/old/visits.db" >/dev/null
"$program" backup "$work/whole.db" --database "$work/old/visits.db" >/dev/null

run_tests() {  # those named on the command line, or all
  local test
  for test in "$@"; do "$test"; done
  echo "passed"
}
