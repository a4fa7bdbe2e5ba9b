#!/bin/bash
# page-count geo, and what check says of the country database.
#
# Needs BUILD_DIR in the environment.
set -euo pipefail
# shellcheck source=tests/e2e/tools_fixture.sh
source "$(dirname "$0")/tools_fixture.sh"

make_database() {  # folder
  mkdir "$1"
  printf '# Generated: Thu, 05 Nov 2026 04:33:59 GMT\n3221225984,3221226239,DE\n' >"$1/geoip"
  printf '2001:db8::,2001:db8::ffff,DE\n' >"$1/geoip6"
}

the_database_is_named() {
  make_database "$work/countries"
  run "$work/whole.db" geo --country-database "$work/countries"
  expect_done "countries: by tor-geoipdb of 2026-11-05, $work/countries"
  run "$work/whole.db" check --country-database "$work/countries"
  expect_done "ok: the file is whole"
  expect_done "countries: by tor-geoipdb of 2026-11-05, $work/countries"
  run "$work/whole.db" geo --refresh --country-database "$work/countries"
  expect_done "the country of each visitor is looked up anew"
}

one_that_cannot_be_read_is_said() {
  echo nonsense >"$work/none.mmdb"
  run "$work/whole.db" check --country-database "$work/none.mmdb"
  expect_done "is no .mmdb file or is damaged"
}

tests=(the_database_is_named one_that_cannot_be_read_is_said)
run_tests "${@:-${tests[@]}}"
