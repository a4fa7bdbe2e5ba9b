# shellcheck shell=bash disable=SC2154 # what run sets
# The installed service in the machine: how it comes there, load on it, and what is there afterwards.

pool='page-count-workers@*'
pool_size=2 # workers
load_pid=
load_number=0

# The packages of the shared libraries of a program of this machine.
library_packages() {
  local library paths=()
  for library in $(ldd "$1" | awk '$3 ~ /^\// { print $3 }'); do paths+=("$library" "$(realpath "$library")"); done
  { dpkg-query -S "${paths[@]}" 2>/dev/null || true; } | cut -d: -f1 | sort -u # each is found by one of its two paths
}

install_the_program() {
  local packages=(systemd systemd-sysv dbus nginx spawn-fcgi multiwatch openssl libfcgi-bin)
  if [[ $this_release == "debian-$release" ]]; then
    [[ -x $build_dir/worker/page-count && -d $build_dir/www ]] || skip "nothing is built in $build_dir"
    # shellcheck disable=SC2207
    packages+=($(library_packages "$build_dir/worker/page-count"))
    make_root "${packages[@]}"
    DESTDIR=$root cmake --install "$build_dir" >/dev/null
    return
  fi
  make_root "${packages[@]}"
  mkdir "$root/root/page-count"
  git -C "$source_dir" ls-files -z | tar -C "$source_dir" --null -T - -c | tar -C "$root/root/page-count" -x
  build_in_the_root
}

# In the root before it boots, for the network of this machine. There is no sudo: root needs none.
build_in_the_root() {
  printf '#!/bin/sh\nexec "$@"\n' >"$root/usr/local/bin/sudo"
  chmod 0755 "$root/usr/local/bin/sudo"
  mount -t proc proc "$root/proc"
  chroot "$root" bash -euo pipefail -c "cd /root/page-count; $(readme_block 1)" >"$work/build.log" 2>&1 </dev/null ||
    fail "the README's build: $(tail -n 20 "$work/build.log")"
  umount "$root/proc"
}

deploy_as_the_readme_says() {
  paste "$(readme_block 2)" >"$work/deploy.log" 2>&1 <<<$'a password\na password' || fail "$(cat "$work/deploy.log")"
  include_in_the_site_that_is_there
  in_machine systemctl is-enabled --quiet page-count.target || fail "page-count.target is not enabled"
  wait_for 10 is_healthy || fail "not healthy"
  expect_workers "$pool_size"
  [[ $(from_outside curl -s -o /dev/null -w '%{http_code}' -u 'admin:a password' -H 'Host: count.example.org' http://127.0.0.1/stats) == 200 ]] ||
    fail "the password of the private endpoints is refused"
}

include_in_the_site_that_is_there() {
  local include
  include=$(readme_code "into its \`server { }\`" 1)
  sed -i "0,/^\tlocation/s||\t$include\n&|" "$root/etc/nginx/sites-available/default"
  in_machine systemctl start nginx
  paste "$(readme_deploy | grep -o '`nginx -t && systemctl reload nginx`' | tr -d '`')" >"$work/nginx.log" 2>&1 || fail "$(cat "$work/nginx.log")"
}

is_healthy() { [[ $(status_of http://127.0.0.1/health) == 200 ]]; }

status_of() { from_outside curl -s -m 15 -o /dev/null -w '%{http_code}' "$@" || true; }

# By their number in this process namespace.
workers() {
  local process
  for process in /proc/[0-9]*; do
    [[ $(cat "$process/comm" 2>/dev/null) == page-count ]] && grep -qs 'page-count-workers@' "$process/cgroup" && echo "${process#/proc/}"
  done
  return 0
}

has_workers() { [[ $(workers | wc -l) == "$1" ]]; }

expect_workers() {
  wait_for 30 has_workers "$1" || fail "not $1 workers but $(workers | wc -l)"
}

start_load() {
  local clients=16 pause_ms=5
  load_number=$((load_number + 1))
  (
    exec nsenter -t "$leader" -n "$build_dir/tests/systemd/systemd_load" 80 "load-$load_number.example" "$clients" "$pause_ms" \
      "$work/acknowledged-$load_number" "$work/failed-$load_number"
  ) >"$work/load-report" 2>&1 &
  load_pid=$!
  wait_for 20 visits_of_load_are_there || fail "the load does not get through"
}

visits_of_load_are_there() {
  from_outside curl -s 'http://127.0.0.1/all-visits?limit=20' | grep -c "load-$load_number.example/" >/dev/null
}

stop_load() {
  kill -TERM "$load_pid"
  wait "$load_pid" || fail "the load: $(cat "$work/load-report")"
  load_pid=
  echo "  load: $(cat "$work/load-report")"
}

expect_none_failed() {
  [[ ! -s $work/failed-$load_number ]] ||
    fail "$(wc -l <"$work/failed-$load_number") requests failed, such as $(head -n 3 "$work/failed-$load_number")"
}

# All that was ever acknowledged is in the file exactly once, and the file is whole.
expect_all_acknowledged_are_there() {
  local missing said
  in_machine page-count export >"$work/export" || fail "page-count export"
  grep -o '"url":"https://load-[^"]*"' "$work/export" | cut -d'"' -f4 | sort >"$work/there"
  cat "$work"/acknowledged-* | sort >"$work/acknowledged"
  [[ ! $(uniq -d "$work/there") ]] || fail "counted twice: $(uniq -d "$work/there" | head -n 3)"
  missing=$(comm -23 "$work/acknowledged" "$work/there" | wc -l)
  ((missing == 0)) || fail "$missing visits are lost of $(wc -l <"$work/acknowledged") acknowledged"
  said=$(paste "$(readme_code "| proof that" 1)" 2>&1) || fail "page-count check: $said"
}

say_what_happened() {
  in_machine systemctl status "$pool" --no-pager -n 0 2>&1 | sed 's/^/  /' || true
  in_machine journalctl -u "$pool" --no-pager -n 40 -o cat 2>&1 | sed 's/^/  /' || true
  [[ ! -s $work/load-report ]] || sed 's/^/  load: /' "$work/load-report"
}
