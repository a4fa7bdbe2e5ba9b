#!/bin/bash
# page-count rewrite: says first what it would do, does it when told, and takes the rules from the settings.
#
# Needs BUILD_DIR in the environment.
set -euo pipefail

# shellcheck source=tests/e2e/tools_fixture.sh
source "$(dirname "$0")/tools_fixture.sh"

# 6 visits to the page a by three URLs, and one to b.
make_links() {
  local i
  echo "url,ip,user_agent,timestamp"
  for i in 1 2 3 4; do echo "https://site.example/a?utm_source=letter,192.0.2.$i,Lynx,2026-01-01 10:00:0$i"; done
  echo "https://site.example/a?fbclid=x,192.0.2.1,Lynx,2026-01-01 10:00:05"
  echo "https://site.example/a,192.0.2.1,Lynx,2026-01-01 10:00:06"
  echo "https://site.example/b/index.html,192.0.2.1,Lynx,2026-01-01 10:00:07"
}
make_links >"$work/links.csv"

new_database() {
  rm -rf "$work/links"
  mkdir "$work/links"
  "$program" import "$work/links.csv" --database "$work/links/visits.db" >/dev/null
}
pages() { "$program" sql "select url, count(*) from visits group by url order by url" --database "$work/links/visits.db"; }
expect_pages() {  # "url visits"...
  local expected
  expected=$(printf '%s\n' "$@")
  [[ $(pages | tail -n +2 | tr -d '\r' | tr , ' ') == "$expected" ]] || fail "${FUNCNAME[1]}: $(pages)"
}

it_says_what_it_would_do() {
  new_database
  local before
  before=$(pages)
  for flag in "" --dry-run; do
    # shellcheck disable=SC2086 # none, or one
    run "$work/links/visits.db" rewrite $flag
    expect_done "https://site.example/a?utm_source=letter -> https://site.example/a (4 visits)"
    expect_done "4 pages would become 2: 2 pages with 5 visits would get another URL"
    expect_done "nothing is changed"
    [[ $(pages) == "$before" ]] || fail "it has changed something"
  done
}

it_does_it_when_told() {
  new_database
  run "$work/links/visits.db" rewrite --apply
  expect_done "4 pages became 2: 2 pages with 5 visits got another URL"
  expect_pages "https://site.example/a 6" "https://site.example/b/index.html 1"
  [[ $("$program" sql "select name from source" --database "$work/links/visits.db" | tail -n +2 | tr -d '\r') == " source=letter" ]] ||
    fail "the campaign is lost"
  run "$work/links/visits.db" check
  expect_done "ok: "
  run "$work/links/visits.db" rewrite --apply
  expect_done "2 pages became 2: 0 pages with 0 visits got another URL"
}

its_rules_are_those_of_the_settings() {
  new_database
  printf 'strip-parameters = none\nstrip-index = true\nsites = other.example\nthreads = 2\n' >"$work/rules.conf"
  run "$work/links/visits.db" rewrite --config "$work/rules.conf" --apply
  expect_done "4 pages became 4: 1 page with 1 visit got another URL"
  run "$work/links/visits.db" rewrite --config "$work/rules.conf" --strip-trailing-slash true --strip-parameters fbclid --apply
  expect_done "4 pages became 3: 2 pages with 2 visits got another URL"
  expect_pages "https://site.example/a 2" "https://site.example/a?utm_source=letter 4" "https://site.example/b 1"
  run "$work/links/visits.db" rewrite --strip-parameters 'none, x'
  [[ $status == 2 ]] || fail "status $status: $(cat "$work/err")"
  grep -q "give none alone" "$work/err" || fail "$(cat "$work/err")"
  run "$work/links/visits.db" rewrite --apply --dry-run
  [[ $status == 2 ]] || fail "status $status"
}

it_refuses_what_is_no_database() {
  run "$work/missing.db" rewrite
  expect_refusal "does not exist; name it with --database"
  run "$work/missing.db" rewrite --apply
  expect_refusal "does not exist; name it with --database"
}

(($#)) || set -- \
  it_says_what_it_would_do \
  it_does_it_when_told \
  its_rules_are_those_of_the_settings \
  it_refuses_what_is_no_database
run_tests "$@"
