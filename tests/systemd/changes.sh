# shellcheck shell=bash disable=SC2154 # what run sets
# What an administrator does to a service that is in use, and what happens to it.

# Workers that run the program as it now is, and nothing older.
run_the_new_binary() {  # number of workers
  local worker new
  new=$(stat -c %i "$root/usr/bin/page-count")
  has_workers "$1" || return
  for worker in $(workers); do
    [[ $(stat -L -c %i "/proc/$worker/exe" 2>/dev/null) == "$new" ]] || return
  done
}

# As a package is unpacked.
replace_the_binary_by_rename() {
  cp -p "$root/usr/bin/page-count" "$root/usr/bin/page-count.dpkg-new"
  echo >>"$root/usr/bin/page-count.dpkg-new"
  mv "$root/usr/bin/page-count.dpkg-new" "$root/usr/bin/page-count"
}

main_process() { in_machine systemctl show --property MainPID --value "$pool" | sed -n 1p; }

a_reload_to_a_new_binary_fails_no_request() {
  start_load
  replace_the_binary_by_rename
  paste "$(readme_code "| new binary" 1)" || fail "the reload"
  run_the_new_binary 2 || fail "the workers are not those of the new binary"
  stop_load
  expect_none_failed
  expect_all_acknowledged_are_there
}

# The new one is started while the old one still serves connections.
a_pool_of_another_size_takes_over() {
  start_load
  edit_unit "$(readme_code "| another number of workers" 1)" 'sed -i s/page-count-workers@[0-9]*/page-count-workers@3/'
  paste "$(readme_code "| another number of workers" 3)" || fail "the target's restart"
  wait_for 30 has_workers 3 || fail "$(workers | wc -l) workers, not 3"
  wait_for 10 is_healthy || fail "not healthy"
  stop_load
  expect_all_acknowledged_are_there
  pool_size=3
  [[ $(in_machine systemctl list-units --no-legend --state=active "$pool" | wc -l) == 1 ]] || fail "two pools: $(in_machine systemctl list-units "$pool")"
}

a_restart_keeps_what_was_acknowledged() {
  start_load
  in_machine systemctl restart "$pool"
  wait_for 20 is_healthy || fail "not healthy"
  stop_load
  expect_all_acknowledged_are_there
}

connections() {  # of the workers, and some sockets more
  local worker
  for worker in $(workers); do find "/proc/$worker/fd" -lname 'socket:*' 2>/dev/null || true; done | wc -l
}

has_more_connections_than() { (($(connections) > $1)); }

# The one who asks is a FastCGI client whose request is half sent.
a_restart_lets_a_request_finish() {
  local main before client request='{"url": "https://load-half-sent.example/"}'
  in_machine systemctl stop nginx
  before=$(connections)
  mkfifo "$root/root/body"
  in_machine env REQUEST_METHOD=POST DOCUMENT_URI=/visit REQUEST_URI=/visit CONTENT_TYPE=application/json REMOTE_ADDR=127.0.0.1 \
    CONTENT_LENGTH=${#request} bash -c 'cgi-fcgi -bind -connect /run/page-count/page-count.sock </root/body' >"$work/half-sent" 2>&1 &
  client=$!
  exec 7>"$root/root/body"
  printf '%s' "${request:0:9}" >&7
  wait_for 10 has_more_connections_than "$before" || fail "no worker has taken the connection"
  main=$(main_process)
  in_machine systemctl restart --no-block "$pool"
  wait_for 10 is_stopping "$main" || fail "no restart"
  (trap '' PIPE && printf '%s' "${request:9}" >&7) 2>/dev/null || true # nobody reads it if the worker is gone
  exec 7>&-
  wait "$client" || fail "the client: $(cat "$work/half-sent")"
  grep -q '"status":"recorded"' "$work/half-sent" || fail "the request under way was cut off: $(cat "$work/half-sent")"
  in_machine systemctl start nginx
  wait_for 20 is_healthy || fail "not healthy"
}

is_stopping() {  # main process
  [[ $(in_machine systemctl show --property ActiveState --value "$pool") == *deactivating* || $(main_process) != "$1" ]]
}

a_killed_main_process_comes_back() {
  local before
  start_load
  before=$(main_process)
  in_machine bash -c "kill -KILL $before"
  wait_for 20 is_healthy || fail "not healthy"
  [[ $(main_process) != "$before" ]] || fail "the main process is the same"
  expect_workers "$pool_size"
  stop_load
  expect_all_acknowledged_are_there
}

a_reboot_keeps_what_was_acknowledged() {
  start_load
  reboot_machine
  stop_load
  boot
  wait_for 20 is_healthy || fail "not healthy"
  expect_workers "$pool_size"
  expect_all_acknowledged_are_there
}
