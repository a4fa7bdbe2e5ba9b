# The benchmark's table and its JSON. Sourced by run.
# shellcheck shell=bash disable=SC2154,SC2164

row_format='%-72s  %-58s  %-34s  %s\n'

say() { echo "bench: $*" >&2; }

row() {  # what measured demand verdict
  # shellcheck disable=SC2059
  printf "$row_format" "$@" >>"$work/table"
  printf '{"what": "%s", "measured": "%s", "demand": "%s", "verdict": "%s"}\n' "$@" >>"$work/rows"
}

# ok where all conditions hold. A quick run judges nothing.
verdict() {  # condition...
  local condition
  [[ $quick == no ]] || { echo -; return; }
  for condition in "$@"; do
    awk "BEGIN { exit !($condition) }" || { echo MISSED; return; }
  done
  echo ok
}

# The same for what was measured by wrk: without enough 200s it is no measurement. One such run fails a quick run.
verdict_of() {  # "series..." condition...
  local reason
  # shellcheck disable=SC2086
  reason=$(void $1)
  if [[ $reason ]]; then
    say "void: $reason"
    touch "$work/void"
    echo VOID
  else
    verdict "${@:2}"
  fi
}

number() { printf '%.0f' "$1" | sed ':a; s/\B[0-9]\{3\}\>/,&/; ta'; }
decimal() { printf "%.${2:-2}f" "$1"; }

list() { sed '$!s/$/,/' "$1"; }

write_json() {
  {
    echo '{"quick": '"$([[ $quick == yes ]] && echo true || echo false)"', "visits": '"$visits"', "rows": ['
    list "$work/rows"
    echo '], "parts": ['
    list "$work/parts"
    echo '], "runs": ['
    list "$work/runs"
    echo ']}'
  } >"$build_dir/results.json"
}

print_tables() {
  echo
  # shellcheck disable=SC2059
  printf "$row_format" what measured demand verdict
  cat "$work/table"
  echo
  cat "$work/costs"
  echo
  echo "also in $build_dir/results.json"
}
