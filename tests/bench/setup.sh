# What a benchmark needs before it starts, and leaves behind: nothing. Sourced by run and soak.
# shellcheck shell=bash disable=SC2154,SC2164

install_packages() {
  local packages=(nginx spawn-fcgi multiwatch wrk curl sqlite3)
  if [[ $build == yes ]]; then
    packages+=(g++ cmake ninja-build pkg-config libfcgi-dev libsqlite3-dev rapidjson-dev libcli11-dev libsodium-dev libxxhash-dev liburiparser-dev libunistring-dev zlib1g-dev libjemalloc-dev libre2-dev libmaxminddb-dev
      libbenchmark-dev)
    command -v npm >/dev/null || packages+=(npm)
  fi
  "$source_dir/nginx/install-packages" "${packages[@]}"
}

leave_root() {
  local user home
  IFS=: read -r user _ _ _ _ home _ < <(getent passwd "$SUDO_UID") || fail "no user has the id $SUDO_UID"
  HOME=$home USER=$user LOGNAME=$user exec setpriv --reuid "$SUDO_UID" --regid "$SUDO_GID" --init-groups -- "$self" "$@"
}

build_all() {
  cd "$source_dir"
  attend cmake --preset release -B "$build_dir" -DPAGE_COUNT_BENCH=ON -DPAGE_COUNT_WWW=OFF >&2 || fail "cmake failed"
  attend cmake --build "$build_dir" >&2 || fail "the build failed"
}

# On the disk, not in a tmpfs: what a sync costs is half of what is measured.
prepare_work() {
  local left
  mkdir -p "$build_dir"
  # Who runs holds a lock on its folder; a folder without one is of a run that was killed.
  for left in "$build_dir"/run.*/; do
    [[ ! -d $left ]] || (flock -n 9 && rm -rf -- "$left") 9<"$left" || true
  done
  work=$(mktemp -d "$build_dir/run.XXXXXX")
  exec 9<"$work"
  flock 9
  [[ $(stat -f -c %T "$work") != tmpfs ]] || fail "$build_dir is in memory; choose a folder on a disk with --build-dir DIR"
  touch "$work/table" "$work/rows" "$work/runs"
  # What is installed on this machine is configured elsewhere; a pool that is stopped has no clients left.
  export PAGE_COUNT_CONFIG=/dev/null PAGE_COUNT_DRAIN=1
}

clean_up() {
  trap '' INT TERM
  stop_reader
  [[ ! $watcher_pid ]] || kill "$watcher_pid" 2>/dev/null || true
  stop_all
  # shellcheck disable=SC2046
  kill $(jobs -p) 2>/dev/null || true
  wait
  [[ ! $work ]] || rm -rf -- "$work"
}

set_up() {  # the program's arguments
  install_packages
  ((EUID != 0)) || [[ ${SUDO_UID:-0} == 0 ]] || leave_root "$@"
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  [[ $build == no ]] || build_all
  [[ -x $bench_dir/page-count-echo ]] || fail "nothing is built in $bench_dir; leave out --no-build"
  prepare_work
}
