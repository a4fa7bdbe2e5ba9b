#!/bin/bash
# The visits as a table for SQL: page-count sql, and the extension in other programs' SQLite.
#
# Needs BUILD_DIR in the environment.
set -euo pipefail

# shellcheck source=tests/e2e/tools_fixture.sh
source "$(dirname "$0")/tools_fixture.sh"

sql() {  # database, statement
  run "$1" sql "$2"
}

expect_rows() {  # line...
  [[ $status == 0 ]] || fail "${FUNCNAME[1]}: status $status: $(cat "$work/err")"
  [[ $(tr -d '\r' <"$work/out") == "$(printf '%s\n' "$@")" ]] || fail "${FUNCNAME[1]}: $(head -c 500 "$work/out")"
}

visits_and_tables_are_queried() {
  sql "$work/whole.db" "select count(*) as n, min(timestamp), count(distinct url) from visits"
  expect_rows "n,min(timestamp),count(distinct url)" "20000,2026-01-01 10:00:04,977"
  sql "$work/whole.db" "select url, ip_address from visits where timestamp >= '2026-01-28' order by id limit 2"
  expect_rows "url,ip_address" "$(awk -F, '/2026-01-28/ { print $4 "," $1 "," $2 }' "$work/many.csv" | sort -s -t, -k1,1 | sed -n 1,2p | cut -d, -f2-)"
  sql "$work/whole.db" "select sum(visits) as sealed from block; -- all"
  expect_rows sealed 20000
  sql "$work/young/visits.db" "select count(*) as n from visits where user_agent = 'Lynx' and id = rowid"
  expect_rows n 300
}

every_visit_is_the_exports() {
  local database
  for database in "$work/whole.db" "$work/young/visits.db"; do
    "$program" export --format csv --database "$database" >"$work/exported"
    sql "$database" "select url, ip_address as ip, user_agent, timestamp from visits order by id desc"
    cmp "$work/exported" "$work/out" || fail "another table than the export of $database"
  done
}

values_are_csv() {
  sql "$work/whole.db" "select null as n, '' as e, x'00ff' as b, -5 as m, 1.5 as f, '=1+1' as s, 'a,\"b' as \"q,\"\"r\""
  expect_rows 'n,e,b,m,f,s,"q,""r"' ",\"\",x'00FF',-5,1.5,'=1+1,\"a,\"\"b\""
}

what_is_no_query_is_refused() {
  local before
  before=$(cksum "$work/whole.db")
  local statement
  for statement in "delete from visit" "insert into state (id) values (2)" begin "attach '$work/attached.db' as a" \
    "vacuum into '$work/attached.db'" "pragma journal_mode=delete" "pragma wal_checkpoint" "create temp table t (x)"; do
    sql "$work/whole.db" "$statement"
    expect_refusal "the statement does not only read"
  done
  sql "$work/whole.db" "delete from visits"
  expect_refusal "table visits may not be modified"
  sql "$work/whole.db" "select 1; select 2"
  expect_refusal "there is more than one statement"
  sql "$work/whole.db" " -- nothing"
  expect_refusal "there is no statement"
  sql "$work/whole.db" "select colour from visits"
  expect_refusal "no such column: colour"
  sql "$work/missing.db" "select 1"
  expect_refusal "does not exist; name it with --database"
  [[ $(cksum "$work/whole.db") == "$before" && ! -e $work/attached.db ]] || fail "something was changed"
}

(($#)) || set -- visits_and_tables_are_queried every_visit_is_the_exports values_are_csv what_is_no_query_is_refused
run_tests "$@"
