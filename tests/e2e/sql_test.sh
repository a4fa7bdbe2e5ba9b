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

extension=$BUILD_DIR/worker/page-count-sqlite

in_shell() {  # database, statement...
  status=0
  sqlite3 -readonly -csv -header -cmd ".load $extension" "$@" >"$work/out" 2>"$work/err" || status=$?
}

the_extension_reads_visits_in_the_shell() {
  local database statement
  for database in "$work/whole.db" "$work/young/visits.db"; do
    for statement in "select * from visits" "select url, count(*) as n from visits where timestamp < '2026-01-15' group by url" \
      "select id from visits where id > (select avg(id) from visits) order by id desc limit 100"; do
      sql "$database" "$statement"
      mv "$work/out" "$work/expected"
      in_shell "$database" "$statement"
      [[ $status == 0 ]] || fail "$statement: $(cat "$work/err")"
      cmp <(tr -d '\r"' <"$work/expected") <(tr -d '\r"' <"$work/out") || fail "$statement in $database"
    done
  done
}

the_extension_says_what_is_wrong() {
  in_shell :memory: "select * from visits"
  [[ $status == 1 ]] || fail "no error"
  grep -qF "visits: the main database is not page-count's" "$work/err" || fail "$(cat "$work/err")"
  cp "$work/whole.db" "$work/damaged.db"
  sqlite3 "$work/damaged.db" "update block_column set codes = x'00' where id & 15 = 2"
  in_shell "$work/damaged.db" "select count(*) from visits" "select max(ip_address) from visits"
  [[ $status == 1 && $(tr -d '\r' <"$work/out") == $'count(*)\n20000' ]] || fail "$(cat "$work/out")"
  grep -qF "is damaged; put a backup in the file's place" "$work/err" || fail "$(cat "$work/err")"
  in_shell "$work/whole.db" "delete from visits"
  grep -qF "table visits may not be modified" "$work/err" || fail "$(cat "$work/err")"
}

# Two connections, and cursors that are left before their end.
the_extension_reads_visits_in_python() {
  /usr/bin/python3 - "$extension" "$work/young/visits.db" "$work/whole.db" >"$work/out" <<'END' || fail "python"
import sqlite3, sys
for path in sys.argv[2:]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.enable_load_extension(True)
    connection.load_extension(sys.argv[1])
    first = next(connection.execute("select id, timestamp from visits order by id"))
    same = connection.execute("select id, timestamp from visits where id = ?", (first[0],)).fetchall()
    count = connection.execute("select count(*) from visits where timestamp >= ?", (first[1],)).fetchone()[0]
    print(same == [first], count)
    connection.execute("select * from visits")
    connection.close()
END
  [[ $(<"$work/out") == $'True 300\nTrue 20000' ]] || fail "$(cat "$work/out")"
}

tests=(visits_and_tables_are_queried every_visit_is_the_exports values_are_csv what_is_no_query_is_refused)
if grep -q '^CMAKE_CXX_FLAGS:.*-fsanitize=' "$BUILD_DIR/CMakeCache.txt"; then
  skip "no extension: no other program can load one that is built for a sanitizer"
else
  tests+=(the_extension_reads_visits_in_the_shell the_extension_says_what_is_wrong the_extension_reads_visits_in_python)
fi
(($#)) || set -- "${tests[@]}"
run_tests "$@"
