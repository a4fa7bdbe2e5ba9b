# shellcheck shell=bash disable=SC2154 # what run sets
# Installations that are not as the README has them: each works, or the start says what to change and where, and how often.

# What the unit has said since then, without systemd's own lines.
said_since() {  # time
  in_machine journalctl -u "$pool" --since "$1" -o cat --no-pager 2>/dev/null | grep -E '^page-count(:|\[)' || true
}

now_in_machine() { in_machine date '+%F %T'; }

has_said() { [[ $(said_since "$1") == *"$2"* ]]; }

expect_refusal() {  # time text...
  local since=$1 text
  shift
  wait_for 20 has_said "$since" "$1" || fail "does not say '$1' but: $(said_since "$since")"
  for text in "$@"; do
    [[ $(said_since "$since" | tail -n 1) == *"$text"* ]] || fail "does not say '$text' but: $(said_since "$since")"
  done
}

expect_recovery() {
  wait_for 20 is_healthy || fail "does not come back: $(said_since "-20s")"
  [[ $(status_of -H 'Content-Type: application/json' -d '{"url": "https://recovered.example/"}' http://127.0.0.1/visit) == 200 ]] || fail "does not record"
}

not_the_workers() {
  find "$root/var/lib/page-count" "$root/run/page-count" ! -user "$(stat -c %u "$root/var/lib/page-count")" 2>/dev/null
  in_machine find /var/lib/page-count /run/page-count ! -user page-count
}

the_tools_run_by_root_leave_nothing_that_workers_cannot_write() {
  in_machine bash -c 'page-count export >/root/visits.jsonl'
  in_machine systemctl stop page-count.target
  wait_for 30 has_workers 0 || fail "it does not stop"
  in_machine bash -c 'rm -rf /var/lib/page-count/* /run/page-count/*'
  in_machine page-count import /root/visits.jsonl >/dev/null
  in_machine page-count check >/dev/null
  in_machine page-count export >/dev/null
  in_machine page-count backup /root/backup.db >/dev/null
  in_machine page-count cleanup --days 3650 >/dev/null
  in_machine page-count worker >/dev/null 2>&1 </dev/null || true # the start check
  [[ ! $(not_the_workers) ]] || fail "not the workers' to write: $(not_the_workers | tr '\n' ' ')"
  in_machine systemctl start page-count.target
  expect_recovery
  expect_all_acknowledged_are_there
}

files_of_root_are_named_before_the_start() {
  local since command
  in_machine systemctl stop page-count.target
  wait_for 30 has_workers 0 || fail "it does not stop"
  in_machine chown root: /var/lib/page-count/visits.db-wal
  since=$(now_in_machine)
  in_machine systemctl start page-count.target
  expect_refusal "$since" "cannot write the database's file /var/lib/page-count/visits.db-wal: Permission denied" "belongs to root"
  command=$(said_since "$since" | grep -o 'chown page-count: [^, ;]*' | head -n 1)
  paste "$command" || fail "what it says to do does not work: $command"
  expect_recovery
}

another_disk_for_the_database() {
  local since row="| the file on another disk"
  in_machine bash -c 'mkdir /srv/visits && mount -t tmpfs -o mode=0755 disk /srv/visits'
  since=$(now_in_machine)
  in_machine bash -c "echo '$(readme_code "$row" 2)' >>/etc/page-count/page-count.conf; systemctl restart page-count.target"
  expect_refusal "$since" "cannot write in the database's folder /srv/visits: Permission denied" "chown page-count: /srv/visits"
  paste "$(readme_code "$row" 1)"
  expect_refusal "$since" "cannot write in the database's folder /srv/visits: Read-only file system" "ReadWritePaths=/srv/visits"
  in_machine bash -c 'printf "%s\n" "$@" >/root/drop-in' - "$(readme_code "$row" 4)" "$(readme_code "$row" 5)"
  edit_unit "$(readme_code "$row" 3)" 'cat /root/drop-in >'
  paste "$(readme_code "$row" 6)"
  expect_recovery
  in_machine test -s /srv/visits/visits.db || fail "the database is not there"
}

a_rate_table_without_room_is_said_with_pauses() {
  local since said
  in_machine sh -c 'printf "rate-keys = 16777216\nvisit-limit = 1000\n" >>/etc/page-count/page-count.conf'
  in_machine systemctl reload "$pool" 2>"$work/reload.log" && fail "the reload does not refuse"
  is_healthy || fail "the reload that was refused took the workers away"
  since=$(now_in_machine)
  in_machine systemctl restart page-count.target || true
  expect_refusal "$since" "cannot make the rate table: allocating" "No space left on device" "rate-keys" "visit-limit"
  sleep 5
  said=$(said_since "$since" | wc -l)
  ((said <= 8)) || fail "$said lines in some seconds"
  in_machine sed -i '/^rate-keys/d; /^visit-limit/d' /etc/page-count/page-count.conf
  expect_recovery
}

nginx_in_another_group() {
  in_machine useradd --system --user-group nginx
  in_machine sed -i 's/^user .*/user nginx;/' /etc/nginx/nginx.conf
  in_machine systemctl restart nginx
  [[ $(status_of http://127.0.0.1/health) == 502 ]] || fail "nginx reaches the socket without a right"
  paste "$(readme_code "| nginx as another user" 1)"
  wait_for 10 is_healthy || fail "not healthy"
  [[ $(status_of -u 'admin:a password' -H 'Host: count.example.org' http://127.0.0.1/stats) == 200 ]] || fail "the password is refused"
}
