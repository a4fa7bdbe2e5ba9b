# shellcheck shell=bash disable=SC2154 # what run sets
# What the README tells an administrator to type, taken from it as it stands: what it says and what works cannot drift.

readme_deploy() {
  awk '/^## / { inside = $0 == "## Deploy it" } inside' "$source_dir/README.md"
}

# The nth block of shell commands.
readme_block() {  # n
  readme_deploy | awk -v n="$1" '/^```sh$/ { inside = 1; block++; next } /^```/ { inside = 0 } inside && block == n'
}

# What is in backticks: in the table's row whose first column says so, or in the paragraph's line that has the words.
readme_code() {  # words n
  local code
  code=$(readme_deploy | grep -F -- "$1" | grep -o '`[^`]*`' | sed -n "$2p" | tr -d '`')
  [[ $code ]] || fail "the README has no command $2 in the line with '$1'"
  echo "$code"
}
