#!/bin/bash
# Every tool works with any of the worker's settings in the configuration file, as the shipped one names them.
#
# Needs BUILD_DIR and SOURCE_DIR in the environment.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PAGE_COUNT_CONFIG=$work/page-count.conf
unset PAGE_COUNT_DATABASE

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

runs() {  # arguments of page-count
  local said
  said=$("$BUILD_DIR/worker/page-count" "$@" 2>&1 >"$work/output") ||
    fail "page-count $* ended with status $? and said: $said; the configuration file: $(<"$PAGE_COUNT_CONFIG")"
}

# The configuration file with these lines, and the database of this test.
configure() {
  printf '%s\n' "database = \"$work/visits.db\"" "$@" >"$PAGE_COUNT_CONFIG"
}

every_tool_runs() {
  runs import "$work/visits.jsonl"
  runs export
  [[ -s $work/output ]] || fail "export wrote nothing"
  runs sql "select * from visits"
  rm -f "$work/backup.db"
  runs backup "$work/backup.db"
  runs check
  runs check --repair
  runs cleanup --days 36500
}

mapfile -t settings < <(sed -nE '/^#(database|config)\b/d; s/^#([a-z0-9-]+ = .*)/\1/p' "$SOURCE_DIR/systemd/page-count.conf")
((${#settings[@]} >= 10)) || fail "the shipped configuration file names ${#settings[@]} settings"
echo '{"url": "https://example.com/", "timestamp": "2026-01-02 03:04:05", "ip": "192.0.2.1", "user_agent": "test"}' >"$work/visits.jsonl"

configure
every_tool_runs
for setting in "${settings[@]}"; do
  configure "$setting"
  every_tool_runs
done
configure "${settings[@]}"
every_tool_runs
echo "passed"
