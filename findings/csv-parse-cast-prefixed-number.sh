#!/bin/bash
# csv-parse 7.0.3 (npm): with `cast: true` a field such as 0x1F, 0b11 or 0o17 becomes the number 0.
#
# Expected: 31, 3 and 15, as JavaScript's Number() reads them, or the text as it is. The package's type declarations say of `cast`
# that it tries to convert a text to a native type, and a field such as "1_000", of which parseFloat takes a part only, stays text.
# Seen: 0 for every such field, and no error: the test for "is a number" goes by one conversion (which takes the prefixes) and the
# value by the other (which stops at the letter). Where the first refuses ("-0x10", "0x", "1_000"), the text stays.
# papaparse 5.7.1 with dynamicTyping leaves all of these as text.
# For a counter: a campaign's or a build's id like 0xFFE1 in an exported column comes back as 0, so that all of them are added up
# under one key, and none can be told from a real 0. Import with a cast per column, never with `cast: true`.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --prefix "$tmp" --silent --no-audit --no-fund --ignore-scripts csv-parse@7.0.3 papaparse@5.7.1 >&2

cat >"$tmp/cast.mjs" <<'JS'
import { createRequire } from "node:module";
import { parse } from "csv-parse/sync";
import Papa from "papaparse";
const version = (name) => createRequire(import.meta.url)(`./node_modules/${name}/package.json`).version;
console.log(`csv-parse ${version("csv-parse")}, papaparse ${version("papaparse")}`);
for (const field of ["0x1F", "0X1f", "0b11", "0o17", "0xFFE1", "31", "1e3", "-0x10", "0x", "1_000"]) {
  const csv = `campaign,hits\r\n${field},1\r\n`;
  console.log(field, "->", JSON.stringify(parse(csv, { cast: true })[1][0]), JSON.stringify(Papa.parse(csv, { dynamicTyping: true }).data[1][0]));
}
JS
stated='csv-parse 7.0.3, papaparse 5.7.1
0x1F -> 0 "0x1F"
0X1f -> 0 "0X1f"
0b11 -> 0 "0b11"
0o17 -> 0 "0o17"
0xFFE1 -> 0 "0xFFE1"
31 -> 31 31
1e3 -> 1000 1000
-0x10 -> "-0x10" "-0x10"
0x -> "0x" "0x"
1_000 -> "1_000" "1_000"'
seen=$(node "$tmp/cast.mjs")
echo "field -> csv-parse with cast, papaparse with dynamicTyping"
echo "$seen"
diff <(echo "$stated") <(echo "$seen") || { echo "not as stated: < is stated, > is seen"; exit 1; }
echo "as stated"
