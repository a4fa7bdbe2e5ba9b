#!/bin/bash
# libidn2 2.3.3 (idn2 and libidn2-0 of Debian 12): a label with a symbol passes in the transitional mode alone.
#
# Expected: IDN2_TRANSITIONAL and IDN2_NONTRANSITIONAL differ for the four "deviation" characters only (sharp s, final sigma, the
# two joiners), as UTS 46 defines transitional processing, and IDN2's manual page says no more than "TR46 transitional processing"
# and "TR46 non-transitional processing" of the two. In UTS 46 symbols such as U+221A are valid in either (status NV8: only
# IDNA2008 excludes them), and its validity criteria have no place for IDNA2008's own list.
# Seen: nontransitional refuses them with "string contains a disallowed character", as IDNA2008 does; transitional gives the
# A-label; and a character that UTS 46 maps to such a symbol (U+00BC: 1, U+2044, 4) fares the same. npm's tr46 5.1.1 gives the
# same A-label in both modes, and so do browsers. The modes' difference for the sharp s is there as expected. 2.3.8 does the same.
# For a counter: neither mode makes the browser's host name. The one that keeps the sharp s loses the referrers of hosts with a
# symbol, and falling back to the other for what is refused is safe only for a name without deviation characters.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

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

debian "$tmp/root" bookworm idn2=2.3.3-1+b1 libidn2-0=2.3.3-1+b1 libunistring2=1.0-2
npm install --prefix "$tmp" --silent --no-audit --no-fund --ignore-scripts tr46@5.1.1 >&2

idn2() {  # mode name
  LC_ALL=C.UTF-8 LD_LIBRARY_PATH=$(dirname "$tmp"/root/usr/lib/*/libidn2.so.0) "$tmp/root/usr/bin/idn2" "$1" -- "$2" 2>&1 |
    sed 's/.*toAscii: //'
}
tr46() {  # transitional? name
  node -e 'const [modules, transitional, name] = process.argv.slice(1);
    console.log(require(modules + "/tr46").toASCII(name, { transitionalProcessing: transitional === "true", checkHyphens: true,
      checkBidi: true, checkJoiners: true, useSTD3ASCIIRules: true, verifyDNSLength: true }))' "$tmp/node_modules" "$1" "$2"
}
stated=$'libidn2 2.3.3
\u221a: transitional xn--19g, nontransitional string contains a disallowed character; tr46 xn--19g and xn--19g
\u2192x: transitional xn--x-12n, nontransitional string contains a disallowed character; tr46 xn--x-12n and xn--x-12n
\u00bc: transitional xn--14-c6t, nontransitional string contains a disallowed character; tr46 xn--14-c6t and xn--14-c6t
fa\u00df: transitional fass, nontransitional xn--fa-hia; tr46 fass and xn--fa-hia
caf\u00e9: transitional xn--caf-dma, nontransitional xn--caf-dma; tr46 xn--caf-dma and xn--caf-dma'
seen=$(
  echo "libidn2 $("$tmp/root/usr/bin/idn2" --version | sed -n '1s/.* //p')"
  for name in $'\u221a' $'\u2192x' $'\u00bc' $'fa\u00df' $'caf\u00e9'; do
    echo "$name: transitional $(idn2 --tr46t "$name"), nontransitional $(idn2 --tr46nt "$name" || true); tr46" \
      "$(tr46 true "$name") and $(tr46 false "$name")"
  done
)
echo "$seen"
diff <(echo "$stated") <(echo "$seen") || { echo "not as stated: < is stated, > is seen"; exit 1; }
echo "as stated"
