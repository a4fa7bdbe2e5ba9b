#!/bin/bash
# page-count export with the fields that are asked for, and after a visit.
#
# Needs BUILD_DIR in the environment.
set -euo pipefail
# shellcheck source=tests/e2e/tools_fixture.sh
source "$(dirname "$0")/tools_fixture.sh"

expect_status_2() {  # text on standard error, one line
  [[ $status == 2 && $(wc -l <"$work/err") == 1 ]] || fail "${FUNCNAME[1]}: status $status: $(cat "$work/err")"
  grep -qF -- "$1" "$work/err" || fail "${FUNCNAME[1]}: not '$1' but: $(cat "$work/err")"
}

the_references_fields_are_the_default() {
  local format
  for format in json jsonl csv; do
    run "$work/whole.db" export --format $format
    mv "$work/out" "$work/by-default"
    run "$work/whole.db" export --format $format --fields url,ip,user_agent,timestamp
    cmp "$work/by-default" "$work/out" || fail "$format"
  done
}

fields_come_as_they_are_named() {
  run "$work/whole.db" export --format csv --fields id,url,referrer,browser,system,bot,country
  [[ $status == 0 && $(head -n 1 "$work/out") == $'id,url,referrer,browser,system,bot,country\r' ]] || fail "$(cat "$work/err")"
  [[ $(wc -l <"$work/out") == 20001 ]] || fail "$(wc -l <"$work/out") lines"
  grep -qE '^[0-9]{19},https://site.example/[0-9]+,,,,,' "$work/out" || fail "$(sed -n 2p "$work/out")"
  tail -n +2 "$work/out" | cut -d, -f1 | sort -rnc || fail "not newest first"
  printf '%s\n' url,ip,user_agent,timestamp \
    'https://a.example/,192.0.2.1,Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0,2026-01-02' |
    "$program" import - --database "$work/one.db" >/dev/null
  run "$work/one.db" export --fields system,ip_address,browser
  expect_done '{"system":"Linux","ip":"192.0.2.1","browser":"Firefox"}'
}

# As the workers say, whose configuration file it is.
bots_are_told_by_the_settings() {
  echo lynx >"$work/bots"
  printf 'bot-list = "%s"\n' "$work/bots" >"$work/page-count.conf"
  PAGE_COUNT_CONFIG=$work/page-count.conf run "$work/whole.db" export --fields bot
  [[ $status == 0 && $(sort -u "$work/out") == '{"bot":"own list: lynx"}' ]] || fail "$(head -n 1 "$work/out" "$work/err")"
  run "$work/whole.db" export --fields bot
  [[ $(sort -u "$work/out") == '{"bot":""}' ]] || fail "$(head -n 1 "$work/out")"
}

an_export_goes_on_after_a_visit() {
  run "$work/whole.db" export --format csv --fields id,url
  tail -n +2 "$work/out" | tac >"$work/oldest-first"
  local after
  for after in 0 "$(sed -n 7000p "$work/oldest-first" | cut -d, -f1)"; do
    run "$work/whole.db" export --format csv --fields id,url --after "$after"
    cmp <(awk -F, -v after="$after" '($1 "") > (after "")' "$work/oldest-first") <(tail -n +2 "$work/out") || fail "after $after"
  done
  run "$work/whole.db" export --format json --fields id --after "$(tail -n 2 "$work/oldest-first" | head -n 1 | cut -d, -f1)"
  expect_done "{\"visits\":[{\"id\":\"$(tail -n 1 "$work/oldest-first" | cut -d, -f1)\"}],\"total_count\":\"1\",\"next\":\""
  local next
  next=$(sed -E 's/.*"next":"([0-9]+)"}/\1/' "$work/out")
  run "$work/whole.db" export --format json --after "$next"
  [[ $(cat "$work/out") == "{\"visits\":[],\"total_count\":\"0\",\"next\":\"$next\"}" ]] || fail "$(head -c 200 "$work/out")"
}

what_is_no_field_or_id_is_refused() {
  run "$work/whole.db" export --fields url,titel
  expect_status_2 "'referrer', 'title', 'country', 'browser', 'system' or 'bot'"
  local bad
  for bad in x -1 1.5 9223372036854775807; do
    run "$work/whole.db" export "--after=$bad"
    expect_status_2 "'$bad' is no id of a visit"
  done
  run "$work/whole.db" export --format sqlite "$work/plain.db" --fields url
  expect_status_2 "not for --format sqlite"
  [[ ! -e $work/plain.db ]] || fail "a file is made"
}

tests=(the_references_fields_are_the_default fields_come_as_they_are_named bots_are_told_by_the_settings
  an_export_goes_on_after_a_visit what_is_no_field_or_id_is_refused)
run_tests "${@:-${tests[@]}}"
