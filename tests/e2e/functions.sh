#!/bin/bash
# What the tests in shell share. Sourced.

# A failure names the test that called.
fail() {
  echo "FAILED: ${FUNCNAME[1]}: $*" >&2
  exit 1
}

skip() { echo "skipped: ${FUNCNAME[1]}: $*" >&2; }

wait_for() {  # seconds command...
  local tries=$(($1 * 20))
  shift
  until "$@"; do
    ((tries-- > 0)) || return 1
    sleep 0.05
  done
}

port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

free_port() {
  local port
  while :; do
    port=$((RANDOM % 20000 + 12000))
    port_answers "$port" || break
  done
  echo "$port"
}

# All processes that work below the folder: nginx and the workers have their run folder as the current one.
processes_in() { find /proc -mindepth 2 -maxdepth 2 -name cwd -lname "$1/*" -printf '%h\n' 2>/dev/null | sed 's|/proc/||'; }
