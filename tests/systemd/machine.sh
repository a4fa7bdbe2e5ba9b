# shellcheck shell=bash disable=SC2154 # what run sets
# The machine under test: a Debian root that systemd-nspawn boots, alone in its network namespace.
#
# For tests/systemd/run, which has put itself into namespaces of its own (mounts, processes) and sets `work` (a folder) and
# `release`. What runs in the machine ends with the caller: it is in its process namespace and in its cgroup.

root=$work/root
cgroups=/sys/fs/cgroup
group=       # the cgroup of all that runs
machine_pid= # systemd-nspawn's
leader=      # systemd in the machine

# One hierarchy of cgroups, as Debian has it, and a /run that nspawn takes for one.
prepare_host() {
  mount -t tmpfs -o mode=0755 run /run
  mount -t cgroup2 cgroup2 "$cgroups" 2>/dev/null || skip "cgroup2 cannot be mounted here"
  remove_groups # of runs that were killed; those in use stay
  group=$(mktemp -d "$cgroups/page-count-test-XXXXXX" 2>/dev/null) && echo $$ >"$group/cgroup.procs" || skip "no cgroup can be made here"
}

remove_groups() { find "$cgroups"/page-count-test-* -depth -type d -exec rmdir {} \; 2>/dev/null || true; }

# The release's bare root with what the service needs to run, made once for all runs; for this one a layer over it.
make_root() {  # package...
  local bare prepared
  bare=$("$source_dir/tests/debian-root" "$release") || fail "no Debian root"
  prepared=$bare-systemd
  exec 8>"$prepared.lock"
  flock 8
  if ! cmp -s <(echo "$*") "$prepared/packages"; then
    rm -rf --one-file-system "$prepared" "$prepared.new"
    cp -a "$bare" "$prepared.new"
    install_in "$prepared.new" "$@" 8>&- >"$work/install.log" 2>&1 || fail "no packages: $(tail -n 5 "$work/install.log")"
    echo "$*" >"$prepared.new/packages"
    mv "$prepared.new" "$prepared"
  fi
  exec 8>&-
  mkdir "$root" "$work/layer" "$work/layer.work"
  mount -t overlay -o "lowerdir=$prepared,upperdir=$work/layer,workdir=$work/layer.work" root "$root" 2>/dev/null ||
    cp -a "$prepared/." "$root"
  chmod 0755 "$root" # else services fail with 200/CHDIR
  echo page-count-test >"$root/etc/hostname"
}

install_in() {  # root package...
  local root=$1
  shift
  cp --remove-destination -L /etc/resolv.conf "$root/etc/resolv.conf"
  cp --remove-destination /etc/hosts "$root/etc/hosts"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 0755 "$root/usr/sbin/policy-rc.d"
  chroot "$root" apt-get update
  DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get install -y --no-install-recommends "$@"
  rm "$root/usr/sbin/policy-rc.d"
  chroot "$root" apt-get clean
}

has_booted() {
  local child
  for child in $(cat "/proc/$machine_pid/task/$machine_pid/children" 2>/dev/null); do
    [[ $(cat "/proc/$child/comm" 2>/dev/null) != systemd ]] || leader=$child
  done
  [[ $leader && $(in_machine systemctl is-system-running 2>/dev/null) =~ ^(running|degraded)$ ]]
}

boot() {
  leader=
  systemd-nspawn --quiet -D "$root" -b --register=no --keep-unit --private-network </dev/null >"$work/console" 2>&1 &
  machine_pid=$!
  wait_for 60 has_booted || fail "the machine does not boot: $(tail -n 20 "$work/console")"
}

# Until it is down. nspawn leaves the next boot to whoever started it, by status 133.
reboot_machine() {
  local status=0
  in_machine systemctl reboot || true
  wait "$machine_pid" || status=$?
  [[ $status == 133 ]] || fail "the machine has ended with status $status: $(tail -n 20 "$work/console")"
}

# Runs a command in the machine as its root.
in_machine() {
  setsid --wait nsenter -t "$leader" -m -u -i -n -p -C -r -w env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    HOME=/root LANG=C.UTF-8 SYSTEMD_PAGER= "$@"
}

# Runs lines of shell in the machine, as an administrator who pastes them. Standard input is theirs.
paste() {  # lines
  in_machine bash -euo pipefail -c "$1"
}

# An administrator at a terminal types `systemctl edit ...` and changes the file in the editor that comes up.
edit_unit() {  # command, what the editor does; the file's name is put behind it
  printf '#!/bin/bash\n%s "${@: -1}"\n' "$2" >"$root/root/editor"
  chmod 0755 "$root/root/editor"
  in_machine env SYSTEMD_EDITOR=/root/editor TERM=dumb script -qec "$1" /dev/null >"$work/edit.log" 2>&1 || fail "$1: $(cat "$work/edit.log")"
}

# Runs a program of this machine in the network of the other one.
from_outside() {
  nsenter -t "$leader" -n "$@"
}

# At once: nobody needs it any more.
stop_machine() {
  [[ $group ]] || return 0
  echo $$ >"$cgroups/cgroup.procs"
  echo 1 >"$group/cgroup.kill"
  wait 2>/dev/null
  wait_for 10 grep -q '^populated 0' "$group/cgroup.events" || true
  remove_groups
}
