#!/bin/bash
# cmake --install puts everything where Debian expects it, and what it puts there is sound.
#
# Needs BUILD_DIR and SOURCE_DIR in the environment.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin

dest=$(mktemp -d)
trap 'rm -rf "$dest"' EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

every_file_is_installed() {
  DESTDIR=$dest cmake --install "$BUILD_DIR" >/dev/null || fail "cmake --install"
  local file files=(
    /etc/nginx/conf.d/page-count.conf
    /etc/nginx/sites-available/page-count
    /etc/nginx/snippets/page-count{,-paths,-public,-private,-static,-fastcgi}.conf
    /etc/page-count/page-count.conf
    /lib/systemd/system/page-count.target
    /lib/systemd/system/page-count-workers@.service
    /usr/lib/sysusers.d/page-count.conf
    /usr/lib/tmpfiles.d/page-count.conf
    /usr/share/page-count/sql/sqlite/schema.sql
  )
  # A build for a sanitizer has no pages, nor an extension of other programs.
  [[ ! -d $BUILD_DIR/www ]] || files+=(/usr/lib/page-count/page-count-sqlite.so /usr/share/page-count/www/{docs.html,redoc.html,openapi.json,page-count-assets/docs.js})
  for file in "${files[@]}"; do
    [[ -f $dest$file ]] || fail "$file is not installed"
  done
  for file in /usr/bin/page-count /usr/lib/page-count/restart-workers; do
    [[ -x $dest$file ]] || fail "$file is not installed as a program"
  done
}

a_second_installation_keeps_the_administrators_files() {
  local file files=(/etc/page-count/page-count.conf /etc/nginx/sites-available/page-count)
  for file in "${files[@]}"; do echo "# mine" >>"$dest$file"; done
  DESTDIR=$dest cmake --install "$BUILD_DIR" >/dev/null
  for file in "${files[@]}"; do
    grep -q '^# mine$' "$dest$file" || fail "the second installation replaced $file"
  done
}

# The units name installed programs, so the copy that is verified names those in the temporary folder.
units_verify_clean() {
  local units=$dest/units report
  mkdir "$units"
  cp "$dest/lib/systemd/system/page-count.target" "$units"
  sed "s|/usr/lib/page-count/|$dest&|; s|/usr/bin/page-count|$dest&|" "$dest/lib/systemd/system/page-count-workers@.service" \
    >"$units/page-count-workers@.service"
  report=$(SYSTEMD_UNIT_PATH=$units: systemd-analyze verify "$units/page-count.target" "$units/page-count-workers@.service" 2>&1) ||
    fail "systemd-analyze verify: $report"
  [[ ! $report ]] || fail "systemd-analyze verify: $report"
}

# By systemd 252 and 257, which weigh some settings differently.
exposure_is_at_most_0_5() {
  systemd-analyze security --offline=true --threshold=5 --no-pager \
    "$dest/lib/systemd/system/page-count-workers@.service" >"$dest/exposure" 2>&1 || fail "$(cat "$dest/exposure")"
}

the_pools_size_is_named_once() {
  local named
  named=$(grep -rhoE 'page-count-workers@[0-9]+' "$dest/lib/systemd/system" | wc -l)
  ((named == 1)) || fail "the size of the pool is named $named times"
}

users_and_folders_are_made() {
  ((EUID == 0)) || return 0
  local root=$dest/root
  mkdir -p "$root/etc/page-count"
  echo "www-data:x:33:" >"$root/etc/group"
  touch "$root/etc/passwd" "$root/etc/page-count/htpasswd"
  systemd-sysusers --root="$root" "$dest/usr/lib/sysusers.d/page-count.conf" 2>/dev/null || fail "systemd-sysusers"
  grep -q '^page-count:' "$root/etc/passwd" || fail "systemd-sysusers made no user page-count"
  systemd-tmpfiles --root="$root" --create "$dest/usr/lib/tmpfiles.d/page-count.conf" || fail "systemd-tmpfiles"
  [[ $(stat -c %a:%g "$root/var/lib/page-count") == 700:33 ]] || fail "/var/lib/page-count: $(stat -c %a:%g "$root/var/lib/page-count")"
  [[ $(stat -c %a:%g "$root/run/page-count") == 750:33 ]] || fail "/run/page-count: $(stat -c %a:%g "$root/run/page-count")"
  [[ $(stat -c %a:%g "$root/etc/page-count/htpasswd") == 640:33 ]] || fail "htpasswd is not nginx's to read"
}

# nginx before 1.25.1 refuses the directive, nginx from there on warns of the word in "listen".
http2_is_said_as_nginx_takes_it() {
  local version site
  for version in 1.9.10 1.22.1 1.25.0; do
    site=$("$SOURCE_DIR/nginx/print-site" "$version")
    [[ $(grep -c 'listen .*443 ssl http2;' <<<"$site") == 2 && $site != *"http2 on;"* ]] || fail "the site for nginx $version has $(grep http2 <<<"$site")"
  done
  for version in 1.25.1 1.26.3 1.30; do
    site=$("$SOURCE_DIR/nginx/print-site" "$version")
    [[ $(grep -c ' http2 on;$' <<<"$site") == 1 && $site != *"ssl http2"* ]] || fail "the site for nginx $version has $(grep http2 <<<"$site")"
  done
  cmp -s <("$SOURCE_DIR/nginx/print-site") "$dest/etc/nginx/sites-available/page-count" ||
    fail "the installed site is not for the nginx that is here: $(grep http2 "$dest/etc/nginx/sites-available/page-count")"
}

# nginx -t opens the certificate and the listening addresses, so these two differ from what was installed.
nginx_accepts() {  # what configuration
  local prefix=$dest/nginx-test
  rm -rf "$prefix"
  mkdir -p "$prefix"/{conf.d,snippets,tmp}
  cp "$dest/etc/nginx/conf.d/page-count.conf" "$prefix/conf.d"
  cp "$dest"/etc/nginx/snippets/page-count*.conf "$prefix/snippets"
  openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -keyout "$prefix/key.pem" -out "$prefix/certificate.pem" 2>/dev/null
  sed -e "s|/etc/page-count/tls/|$prefix/|; /listen \[::\]/d" \
    -e "s|listen 80;|listen unix:$prefix/http;|; s|listen 443 |listen unix:$prefix/https |" \
    "$dest/etc/nginx/sites-available/page-count" >"$prefix/site"
  cat >"$prefix/nginx.conf" <<END
pid $prefix/pid;
events { }
http {
  access_log off;
  client_body_temp_path tmp/body;
  fastcgi_temp_path tmp/fastcgi;
  proxy_temp_path tmp/proxy;
  scgi_temp_path tmp/scgi;
  uwsgi_temp_path tmp/uwsgi;
  include conf.d/*.conf;
  $2
}
END
  nginx -t -q -p "$prefix" -c "$prefix/nginx.conf" 2>"$prefix/report" || fail "nginx -t on $1: $(cat "$prefix/report")"
  [[ ! -s $prefix/report ]] || fail "nginx -t on $1: $(cat "$prefix/report")"
}

every_file_is_installed
http2_is_said_as_nginx_takes_it
a_second_installation_keeps_the_administrators_files
units_verify_clean
exposure_is_at_most_0_5
the_pools_size_is_named_once
users_and_folders_are_made
nginx_accepts "the site" "include $dest/nginx-test/site;"
nginx_accepts "the snippet in an existing server" \
  "server { listen unix:$dest/nginx-test/a; error_page 404 /404.html; location / { } include snippets/page-count.conf; }"
nginx_accepts "the snippet beside a front page" \
  "server { listen unix:$dest/nginx-test/a; location = / { } location / { } include snippets/page-count-paths.conf; }"
echo "passed"
