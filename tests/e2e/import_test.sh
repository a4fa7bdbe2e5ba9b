#!/bin/bash
# page-count import and export as an operator meets them: files that people have, and what is said of those that are none.
#
# Needs BUILD_DIR in the environment.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'echo "FAILED in line $LINENO" >&2' ERR
cd "$work"
export PAGE_COUNT_CONFIG=/dev/null
db=$work/visits.db
program=$BUILD_DIR/worker/page-count
header=url,ip,user_agent,timestamp

fail() {
  echo "FAILED: ${FUNCNAME[1]}: $*" >&2
  tail -n 20 out err >&2 2>/dev/null || true
  exit 1
}

import() {  # status, visits, argument...; standard input is the program's
  local status=0
  rm -f "$db"*
  "$program" import --database "$db" "${@:3}" >out 2>err || status=$?
  [[ $status == "$1" ]] || fail "${FUNCNAME[1]}: import ${*:3}: status $status, not $1"
  [[ $(cat out) == "$2 visits imported" || ($2 == 0 && ! -s out) ]] || fail "${FUNCNAME[1]}: import ${*:3}: $(cat out), not $2"
}

export_as() { "$program" export --database "$db" --format "$1"; }

said() { grep -qF -- "$1" err || fail "${FUNCNAME[1]}: does not say: $1"; }

pages() { export_as csv | tail -n +2 | cut -d, -f1 | tr -d '\r' | tr '\n' ' '; }

expect_pages() { [[ $(pages) == "$*" ]] || fail "${FUNCNAME[1]}: $(pages), not $*"; }

expect_field() {  # name, value: of the newest visit
  local value
  value=$(export_as jsonl | head -n 1 | sed -E "s/.*\"$1\":\"([^\"]*)\".*/\\1/")
  [[ $value == "$2" ]] || fail "${FUNCNAME[1]}: $1 is $value, not $2"
}

# 420,000 visits in three seconds, the newest first: the first has more of them than a piece of an import.
many_of_one_second() {
  printf '%s\r\n' "$header"
  awk 'BEGIN { for (i = 420000; i > 0; --i) printf "https://h.example/%d,192.0.%d.%d,a,2025-09-14 10:30:0%d\r\n",
    i % 997, i / 250 % 250, i % 250, (i > 250000) + (i > 320000) }'
}

visits_of_one_second_keep_their_order() {
  many_of_one_second >newest_first.csv
  import 0 420000 newest_first.csv
  export_as csv | cmp - newest_first.csv || fail "an export's order is not kept"
  { head -n 1 newest_first.csv; tail -n +2 newest_first.csv | tac; } >oldest_first.csv
  import 0 420000 oldest_first.csv
  export_as csv | cmp - newest_first.csv || fail "a log's order is not kept"
  export_as json >visits.json
  import 0 420000 visits.json
  export_as csv | cmp - newest_first.csv || fail "a document's order is not kept"
}

without_other_times_a_file_is_as_an_export() {
  printf '%s\nhttp://h/3,192.0.2.1,a,2025-09-14 10:30:00\nhttp://h/2,192.0.2.1,a,2025-09-14 10:30:00\nhttp://h/1,192.0.2.1,a,2025-09-14 10:30:00\n' \
    "$header" >visits.csv
  import 0 3 visits.csv
  expect_pages http://h/3 http://h/2 http://h/1 ""
}

user_agents_survive_csv() {
  local i=0 agent
  for agent in "=1" "'=1" "''=1" "'" "''" "'x" "'-sleep(5)-'" "@a" "'@a" "+" "-" "\\t=" "'\\t" "it's" "a,\\\"b\\\"" "\\r\\nx" " ' " "é"; do
    printf '{"url":"http://h/%d","ip":"192.0.2.1","user_agent":"%s","timestamp":"2025-09-14 10:30:00"}\n' $((i++)) "$agent"
  done >agents.jsonl
  import 0 "$i" agents.jsonl
  export_as jsonl | cmp - agents.jsonl || fail "JSON Lines"
  export_as csv >agents.csv
  import 0 "$i" agents.csv
  export_as jsonl | cmp - agents.jsonl || fail "CSV"
  printf "url,ip_address,user_agent,timestamp\nhttp://h/,192.0.2.1,'-sleep(5)-',2025-09-14 10:30:00\n" >others.csv
  import 0 1 others.csv
  expect_field user_agent "'-sleep(5)-'"
}

line() { printf 'http://h/%s,192.0.2.1,agent,2025-09-14 10:30:00\n' "$1"; }
object() { printf '{"url":"http://h/%s","ip":"192.0.2.1","user_agent":"agent","timestamp":"2025-09-14 10:30:00"}' "$1"; }

reads_what_can_be_read_once_only() {
  { echo "$header"; line b; line a; } >visits.csv
  local strict
  for strict in "" --strict; do
    cat visits.csv | import 0 2 - $strict
    cat visits.csv | import 0 2 /dev/stdin $strict
    import 0 2 - $strict <visits.csv
    import 0 2 <(cat visits.csv) $strict
    rm -f fifo && mkfifo fifo
    cat visits.csv >fifo &
    import 0 2 fifo $strict
    wait $!
    gzip -c visits.csv | import 0 2 - $strict
    expect_pages http://h/b http://h/a ""
  done
  { object b; echo; object a; } | import 0 2 -
  import 1 0 "$work"
  said "Is a directory"
  import 1 0 "$work/missing"
  said "No such file"
}

reads_gzip_whatever_its_name() {
  { echo "$header"; line d; line c; } | gzip >visits.csv
  { echo "$header"; line b; line a; } | gzip >>visits.csv
  import 0 4 visits.csv
  expect_pages http://h/d http://h/c http://h/b http://h/a ""
  { echo "$header"; line b; } >plain.gz
  import 0 1 plain.gz
  { echo "$header"; for i in {1..20000}; do line "$i$RANDOM$RANDOM"; done; } | gzip >whole.gz
  head -c 100000 whole.gz >cut.gz
  local status=0
  rm -f "$db"*
  "$program" import --database "$db" cut.gz >out 2>err || status=$?
  [[ $status == 1 && $(cat out) =~ ^[1-9][0-9]{3,}\ visits ]] || fail "a cut file: status $status, $(cat out)"
  said "ends in the middle of its gzip data"
  import 1 0 cut.gz --strict
  { cat whole.gz; echo "more"; } >more.gz
  import 1 20000 more.gz
  said "goes on after its gzip data"
}

reads_marks_blank_lines_and_headers_anywhere() {
  local mark=$'\xEF\xBB\xBF'
  { printf '%s\n\n  \n%s\n\n' "$mark" "$header"; line c; printf '\n,,,\n%s%s\n' "$mark" "$header"; line b; echo; echo " "; line a; echo; } >visits.csv
  import 0 3 visits.csv
  expect_pages http://h/c http://h/b http://h/a ""
  sed 's/$/\r/' visits.csv >crlf.csv
  import 0 3 crlf.csv
  { echo; printf '%s' "$mark"; object c; printf '\n\n \t\n%s' "$mark"; object b; echo; echo; object a; } >visits.jsonl
  import 0 3 visits.jsonl
  sed 's/$/\r/' visits.jsonl >crlf.jsonl
  import 0 3 crlf.jsonl
  { echo "$mark$header"; line b; echo "timestamp,note,USER_AGENT,ip_address, url"; echo "2025-09-14 10:30:00,x,agent,192.0.2.1,http://h/a"; } >two.csv
  import 0 2 two.csv
  expect_pages http://h/b http://h/a ""
  : | import 0 0 -
}

reads_times_as_other_programs_write_them() {
  local time
  for time in "2025-09-14 10:30:00+00" "2025-09-14 12:30:00+02" "2025-09-14 10:30:00+0000" "2025-09-14t10:30:00z" \
    "2025-09-14 10:30:00.123456+00" "2025-09-14T05:00:00-05:30" "2025-09-14 10:30:00 UTC" "2025-09-14T10:30"; do
    printf '%s\nhttp://h/,192.0.2.1,agent,%s\n' "$header" "$time" | import 0 1 -
    expect_field timestamp "2025-09-14 10:30:00"
  done
  for time in "2025-09-14 10:30:00+2" "2025-02-30 10:30:00" "14.09.2025" "1757845800" ""; do
    printf '%s\nhttp://h/,192.0.2.1,agent,%s\n' "$header" "$time" | import 1 0 -
    said "line 2: timestamp '$time' is no time"
  done
}

takes_times_a_little_ahead_and_no_more() {
  printf '%s\nhttp://h/,192.0.2.1,agent,%s\n' "$header" "$(date -u -d '+30 sec' '+%F %T')" | import 0 1 -
  printf '%s\nhttp://h/,192.0.2.1,agent,%s\n' "$header" "$(date -u -d '+2 min' '+%F %T')" | import 1 0 -
  said "lies in the future"
}

reads_json_documents() {
  local list
  list="$(object c), $(object b),"$'\n'"$(object a)"
  local document
  for document in "{\"visits\": [$list], \"total_count\": \"3\"}" "{\"total_count\":\"3\",\"visits\":[$list]}" \
    "{"$'\n'"  \"visits\": ["$'\n'"$list"$'\n'"  ]"$'\n'"}" "[$list]" " [ $list ] " \
    "{\"visits\":[$(object c)]}{\"visits\":[$(object b),$(object a)],\"more\":[[{\"x\":1e300}],null]}" \
    $'\xEF\xBB\xBF'"{\"visits\":[$list]}" "$(object c | sed 's/,/,\n/g; s/{/{\n/')$(object b)"$'\n'"[$(object a)]"; do
    printf '%s' "$document" | import 0 3 -
    expect_pages http://h/c http://h/b http://h/a ""
  done
  printf '{"visits":[],"total_count":"0"}' | import 0 0 -
  export_as json >/dev/null 2>&1 || true
  printf '[{"id":1,"url":"http://h/","ip_address":"192.0.2.1","user_agent":null,"timestamp":"2025-09-14 10:30:00"}]' | import 0 1 -
  expect_field ip 192.0.2.1
  expect_field user_agent unknown
}

expect_sources() { [[ $("$program" sql --database "$db" 'select name from source order by name' | tail -n +2 | tr -d '\r"') == "$1" ]] ||
  fail "${FUNCNAME[1]}: $("$program" sql --database "$db" 'select name from source')"; }

reads_where_visitors_came_from() {
  printf 'url,ip,user_agent,timestamp,referrer\nhttp://h/?utm_source=letter,192.0.2.1,a,2025-09-14 10:30:00,https://news.example/a?q=1\n' |
    import 0 1 -
  expect_sources "https://news.example/a source=letter"
  printf '{"url":"http://h/","ip":"192.0.2.1","user_agent":"a","timestamp":"2025-09-14 10:30:00","source":" medium=email"}' | import 0 1 -
  expect_sources " medium=email"
  object a | import 0 1 -
  expect_sources ""
  printf '{"url":"http://h/","ip":"192.0.2.1","user_agent":"a","timestamp":"2025-09-14 10:30:00","source":"a"}' | import 1 0 -
  said "line 1: source 'a' is not as page-count writes one"
}

one_bad_record_loses_no_other() {
  { echo "$header"; line d; echo 'ftp://h/,192.0.2.1,agent,2025-09-14 10:30:00'; line c; echo 'http://h/,192.0.2.1,"agent,2025-09-14 10:30:00'
    line b; echo 'http://h/,192.0.2.1,(KHTML, like Gecko),2025-09-14 10:30:00'; echo 'http://h/,192.0.2.1'; line a; } >visits.csv
  import 1 4 visits.csv
  expect_pages http://h/d http://h/c http://h/b http://h/a ""
  said "visits.csv line 3: "
  said "visits.csv line 5: a quoted field"
  said "visits.csv line 7: the record has 5 fields, the header 4"
  said "visits.csv line 8: the record has 2 of the header's 4 fields"
  said "4 records were refused"
  { object c; echo; echo '{"url":'; object b; echo ' x'; echo '{"url":"http://h/"}'; printf '"\xff"\n'; object a; echo; } >visits.jsonl
  import 1 2 visits.jsonl
  expect_pages http://h/c http://h/a ""
  said "visits.jsonl line 2: no valid JSON: "
  said "visits.jsonl line 3: no valid JSON: the line goes on after its object"
  said "visits.jsonl line 4: the object has no text ip"
  import 1 0 visits.csv --strict
  said "nothing is imported"
  cat visits.jsonl | import 1 0 - --strict
  [[ ! -e $db ]] || fail "--strict made a database"
}

a_bad_record_in_a_document_loses_no_other() {
  printf '{"visits":[%s,{"url":"x"},%s,7],"total_count":"4"}' "$(object b)" "$(object a)" | import 1 2 -
  expect_pages http://h/b http://h/a ""
  said "standard input line 1, visit 2: the object has no text ip"
  printf '[%s,\n{"url": oops},\n{"url":"http://h/"\n,%s,\n%s]' "$(object c)" "$(object b)" "$(object a)" >visits.json
  import 1 3 visits.json
  expect_pages http://h/c http://h/b http://h/a ""
  said "visits.json line 2, visit 2: no valid JSON"
  said "visits.json line 3, visit 3: no valid JSON"
  printf '{"visits":[%s,%s,{"url":"htt' "$(object b)" "$(object a)" | import 1 2 -
  said "no valid JSON"
  printf '{"visits":[%s,%s' "$(object b)" "$(object a)" | import 1 2 -
  said "ends in its middle"
}

says_the_first_ten_and_counts_all() {
  { echo "$header"; line a; for i in {1..25}; do echo "http://h/$i,nowhere,agent,2025-09-14 10:30:00"; done; line b; } >visits.csv
  import 1 2 visits.csv
  [[ $(grep -c 'is no IP address' err) == 10 ]] || fail "not ten"
  said "line 3: ip 'nowhere' is no IP address"
  said "25 records were refused"
}

an_address_has_one_spelling() {
  local address
  for address in ::ffff:203.0.113.7 ::FFFF:cb00:7107 203.0.113.7; do
    printf '%s\nhttp://h/,%s,agent,2025-09-14 10:30:00\n' "$header" "$address" | import 0 1 -
    expect_field ip 203.0.113.7
  done
  for address in 2001:DB8:0::7 2001:0db8::0007 2001:db8::7%eth0; do
    printf '%s\nhttp://h/,%s,agent,2025-09-14 10:30:00\n' "$header" "$address" | import 0 1 -
    expect_field ip 2001:db8::7
  done
  for address in "" 203.0.113 203.0.113.07 203.0.113.7:80 "[2001:db8::7]" unknown 10.0.0.0/8; do
    printf '%s\nhttp://h/,%s,agent,2025-09-14 10:30:00\n' "$header" "$address" | import 1 0 -
    said "line 2: ip '$address' is no IP address"
  done
  printf '%s\nhttp://h/,unix:,agent,2025-09-14 10:30:00\n' "$header" | import 0 1 -
  expect_field ip unix:
}

says_what_a_file_is_that_holds_no_visits() {
  refuses() {
    import 1 0 other
    said "$1"
  }
  printf 'a,b\n1,2\n' >other && refuses "other line 1: neither JSON nor CSV with a header"
  printf 'url,user_agent,timestamp\n' >other && refuses "neither JSON nor CSV"
  { echo "$header"; line a; } | iconv -t UTF-16 >other && refuses "is in UTF-16"
  printf '\x28\xb5\x2f\xfd1234' >other && refuses "zstd -dc"
  printf 'SQLite format 3\0....' >other && refuses "is an SQLite database"
  echo '<html>' >other && refuses "is HTML"
  [[ ! -e $db ]] || fail "made a database"
}

cleans_up_after_a_time() {
  { echo "$header"; for day in 17 16 15 14; do echo "http://h/$day,192.0.2.1,agent,2025-09-$day 10:30:00"; done; } | import 0 4 -
  cleanup() { "$program" cleanup --database "$db" "$@" >out 2>err; }
  cleanup --after 2025-09-17T10:30:00 || fail "status $?"
  expect_pages http://h/17 http://h/16 http://h/15 http://h/14 ""
  cleanup --after "2025-09-17 10:29:59"
  grep -q '^1 visits at 2025-09-17 10:30:00 or later deleted' out || fail "$(cat out)"
  cleanup --after 2025-09-15
  expect_pages http://h/15 http://h/14 ""
  "$program" check --database "$db" >out || fail "$(cat out)"
  ! cleanup --after "" || fail "an empty time is taken"
  ! cleanup --after yesterday || fail "a text is taken"
  said "is no time"
  ! cleanup --after 2025-09-14 --days 1 || fail "both are taken"
  expect_pages http://h/15 http://h/14 ""
}

visits_of_one_second_keep_their_order
without_other_times_a_file_is_as_an_export
user_agents_survive_csv
reads_what_can_be_read_once_only
reads_gzip_whatever_its_name
reads_marks_blank_lines_and_headers_anywhere
reads_times_as_other_programs_write_them
takes_times_a_little_ahead_and_no_more
reads_json_documents
reads_where_visitors_came_from
one_bad_record_loses_no_other
a_bad_record_in_a_document_loses_no_other
says_the_first_ten_and_counts_all
an_address_has_one_spelling
says_what_a_file_is_that_holds_no_visits
cleans_up_after_a_time
echo "passed"
