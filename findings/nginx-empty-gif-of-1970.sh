#!/bin/bash
# nginx 1.22.1 (Debian 12), module empty_gif: its pixel may be kept by caches for years, as it says it was last modified in 1970.
#
# Expected: the answer has nothing that lets a cache keep it without asking. The module's documentation says only that it gives a
# transparent picture of one pixel; it names neither a date nor caching. Its usual use is counting by the server's log, which
# needs every request.
# Seen: "Last-Modified: Mon, 28 Sep 1970 06:00:00 GMT" with neither Cache-Control nor Expires. RFC 9111 (4.2.2) lets a cache then
# take a share of the time since that date as the answer's life, and names 10% as typical: more than five years. npm's
# http-cache-semantics 4.3.0 gives that, and serves the next request without asking. With "If-Modified-Since" of that date the
# answer is 304. `expires -1` in the location gives a life of 0 (the date stays), and so does `add_header Last-Modified ""`.
# For a counter: a pixel served like the documentation's example counts a visitor's first view of each address only, in caches that
# use the heuristic. Set Cache-Control oneself on whatever answer is to be counted, and expect 304 beside 200 in the log.
set -euo pipefail

tmp=$(mktemp -d)
nginx_pid=
trap '[[ ! $nginx_pid ]] || kill "$nginx_pid"; rm -rf "$tmp"' EXIT

# Fetches packages of a Debian suite, from the archive that this machine's apt knows, and unpacks them into a folder.
debian() {  # folder suite package=version...
  local folder=$1 suite=$2 apt=$tmp/apt-$2 archive options package
  shift 2
  mkdir -p "$folder" "$apt/lists/partial" "$apt/cache/archives/partial"
  # shellcheck disable=SC2016 # apt's variables, not the shell's
  archive=$(apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' | awk '$1 == "Debian" && !seen++ { print $2 }')
  echo "deb $archive $suite main" >"$apt/sources.list"
  options=(-qq -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$apt/lists"
    -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none)
  apt-get "${options[@]}" update >&2
  (cd "$apt" && apt-get "${options[@]}" download "$@" >&2)
  for package in "$@"; do dpkg -x "$apt/${package%%=*}"_*.deb "$folder"; done
}

debian "$tmp/root" bookworm nginx=1.22.1-9+deb12u9
npm install --prefix "$tmp" --silent --no-audit --no-fund --ignore-scripts http-cache-semantics@4.3.0 >&2

cd "$tmp"
cat >nginx.conf <<'CONF'
daemon off;
master_process off;
pid nginx.pid;
error_log error.log;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {
    listen unix:nginx.sock;
    location = /pixel { empty_gif; }
    location = /expires { empty_gif; expires -1; }
    location = /no-date { empty_gif; add_header Last-Modified ""; }
  }
}
CONF
root/usr/sbin/nginx -p "$tmp/" -e error.log -c nginx.conf &
nginx_pid=$!
for ((i = 0; i < 50; i++)); do
  [[ ! -S nginx.sock ]] || break
  sleep 0.1
done

cat >life.cjs <<'JS'
const http = require("node:http");
const CachePolicy = require("http-cache-semantics");
const get = (path, headers = {}) => new Promise((resolve, reject) =>
  http.get({ socketPath: "nginx.sock", path, headers: { host: "counter.example", ...headers } }, (response) => {
    response.resume().on("end", () => resolve(response));
  }).on("error", reject));
(async () => {
  for (const path of ["/pixel", "/expires", "/no-date"]) {
    const request = { method: "GET", url: path, headers: { host: "counter.example" } };
    const { statusCode: status, headers } = await get(path);
    const policy = new CachePolicy(request, { status, headers }, { shared: false });
    const days = policy.timeToLive() / 86400e3;
    console.log(`${path}: ${headers.server} ${status}, Last-Modified ${headers["last-modified"]}, Cache-Control `
      + `${headers["cache-control"]}, life ${days > 5 * 365 ? "over 5 years" : `${days} days`}, `
      + `next view without asking: ${policy.satisfiesWithoutRevalidation(request)}`);
  }
  console.log("/pixel since then:", (await get("/pixel", { "if-modified-since": "Mon, 28 Sep 1970 06:00:00 GMT" })).statusCode);
})();
JS
stated='/pixel: nginx/1.22.1 200, Last-Modified Mon, 28 Sep 1970 06:00:00 GMT, Cache-Control undefined, life over 5 years, next view without asking: true
/expires: nginx/1.22.1 200, Last-Modified Mon, 28 Sep 1970 06:00:00 GMT, Cache-Control no-cache, life 0 days, next view without asking: false
/no-date: nginx/1.22.1 200, Last-Modified undefined, Cache-Control undefined, life 0 days, next view without asking: false
/pixel since then: 304'
seen=$(node life.cjs)
echo "$seen"
diff <(echo "$stated") <(echo "$seen") || { echo "not as stated: < is stated, > is seen"; exit 1; }
echo "as stated"
