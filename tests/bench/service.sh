# Services for the benchmark: a private nginx with a pool of workers each, in a folder of their own under $work.
# Sourced by run. Whatever is started here is a descendant of it and ends with it, even by SIGKILL.
# shellcheck shell=bash disable=SC2154,SC2164

declare -A port=() nginx_pid=() pool_pid=()
task_pid=

# Runs a command so that a signal to this process ends it too.
attend() {
  local status=0
  setpriv --pdeathsig TERM "$@" &
  task_pid=$!
  wait "$task_pid" || status=$?
  task_pid=
  return "$status"
}

free_port() {
  local candidate
  for _ in {1..100}; do
    candidate=$((20000 + RANDOM % 10000))
    (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null || { echo "$candidate"; return; }
  done
  fail "no port is free"
}

# The shipped configuration, with the service's port and with paths relative to its folder. No TLS: it is not measured.
write_configuration() {  # name
  local file
  mkdir -p conf.d snippets sites-available tmp
  for file in conf.d/page-count.conf snippets/page-count{,-paths,-public,-private,-static,-fastcgi}.conf sites-available/page-count; do
    sed -e "s|unix:/run/page-count/|unix:|" -e 's|"/etc/page-count/|"|' -e "s|listen 80;|listen 127.0.0.1:${port[$1]};|" \
      -e '/listen 443/d' -e '/http2 on/d' -e '/listen \[::\]/d' -e '/ ssl_/d' -e 's|server_name .*|server_name localhost;|' \
      "$source_dir/nginx/$file" >"$file"
  done
  cat >nginx.conf <<END
$( ((EUID)) || echo "user root;")
worker_processes 2;
pid nginx.pid;
error_log nginx.log error;
events { worker_connections 2048; }
http {
    access_log off;
    client_body_temp_path tmp/body;
    fastcgi_temp_path tmp/fastcgi;
    proxy_temp_path tmp/proxy;
    scgi_temp_path tmp/scgi;
    uwsgi_temp_path tmp/uwsgi;
    # The benchmark's clients say where they come from.
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Real-IP;
    include conf.d/page-count.conf;
    include sites-available/page-count;
}
END
}

start_pool() {  # name workers program...
  local name=$1 workers=$2
  shift 2
  cd "$work/$name"
  rm -f page-count.sock
  setsid setpriv --pdeathsig TERM spawn-fcgi -n -s page-count.sock -M 0660 -- "$(command -v multiwatch)" -f "$workers" \
    -r 1000000 -t 1 -s TERM -- "$(command -v setpriv)" --pdeathsig TERM "$@" 2>>workers.log &
  pool_pid[$name]=$!
  cd "$work"
}

start_nginx() {  # name
  mkdir -p "$work/$1"
  cd "$work/$1"
  port[$1]=$(free_port)
  write_configuration "$1"
  setsid setpriv --pdeathsig TERM nginx -p . -c nginx.conf -g 'daemon off;' 2>>nginx.log &
  nginx_pid[$1]=$!
  cd "$work"
}

url_of() { echo "http://127.0.0.1:${port[$1]}$2"; }

await_health() {  # name
  local deadline=$((SECONDS + 30))
  until curl -sf -m 5 -o /dev/null "$(url_of "$1" /health)"; do
    kill -0 "${nginx_pid[$1]}" "${pool_pid[$1]}" 2>/dev/null || fail "$1 has ended by itself: $(tail -n 3 "$work/$1"/*.log)"
    ((SECONDS < deadline)) || fail "$1 does not answer: $(tail -n 3 "$work/$1"/*.log)"
    sleep 0.1
  done
}

# A service of page-count on the file $work/DATABASE.
start_service() {  # name workers database
  start_nginx "$1"
  start_pool "$1" "$2" "${build_dir}/worker/page-count" worker --database "$work/$3" --rate-table "$work/$1/rate-table"
  await_health "$1"
}

start_echo() {  # name workers
  start_nginx "$1"
  start_pool "$1" "$2" "$bench_dir/page-count-echo"
  await_health "$1"
}

workers_of() {  # name; their process ids
  local children
  for _ in {1..50}; do
    read -r children <"/proc/${pool_pid[$1]}/task/${pool_pid[$1]}/children" || true # the file ends without a newline
    [[ ! $children ]] || break
    sleep 0.1
  done
  echo "$children"
}

# Ends a process group that was started here: asks first, and kills what is left after some seconds.
end_group() {  # leader signal
  kill "-$2" "$1" 2>/dev/null || true
  for _ in {1..50}; do
    kill -0 -- "-$1" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL -- "-$1" 2>/dev/null || true
}

stop_pool() {  # name
  [[ ${pool_pid[$1]-} ]] || return 0
  end_group "${pool_pid[$1]}" TERM
  wait "${pool_pid[$1]}" 2>/dev/null || true
  unset "pool_pid[$1]"
}

stop_service() {  # name...
  local name
  for name in "$@"; do
    if [[ ${nginx_pid[$name]-} ]]; then
      end_group "${nginx_pid[$name]}" TERM
      wait "${nginx_pid[$name]}" 2>/dev/null || true
      unset "nginx_pid[$name]"
    fi
    stop_pool "$name"
  done
}

stop_all() {
  local name
  [[ ! $task_pid ]] || kill -TERM "$task_pid" 2>/dev/null || true
  for name in "${!nginx_pid[@]}" "${!pool_pid[@]}"; do stop_service "$name"; done
}
