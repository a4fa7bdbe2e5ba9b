#!/bin/bash
# uriparser 0.9.7 (liburiparser-dev of Debian 12): a URI that was only parsed and written again has another IPv6 host.
#
# Expected: uriToString() of what uriParseSingleUri() read gives the same text; the header says that it puts the URI back together
# as section 5.3 of RFC 3986 describes, which joins the components as they were parsed. Making one spelling out of several is
# what uriNormalizeSyntax() is there for, which is not called here. If a canonical form were wanted for IPv6, RFC 5952 (4.2.1)
# asks for the short one.
# Seen: "[::1]" becomes "[0000:0000:0000:0000:0000:0000:0000:0001]", of 32 hexadecimal digits always, and an IPv4 tail becomes two
# groups, while the structure's own hostText still holds "::1". An IPv4 host with odd digits (010.1.1.1), an upper-case name and a
# future address ([v1.A]) come back as they were. uriNormalizeSyntax() has the same long form: nothing gives the short one.
# For a counter: a page's URL out of uriparser is another text than the browser's, and Node's, for every host of IPv6, so that keys
# of hosts do not meet; and a buffer of the input's length is too small for the output. Take hostText, not the whole text.
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

debian "$tmp/root" bookworm liburiparser1=0.9.7+dfsg-2 liburiparser-dev=0.9.7+dfsg-2
cat >"$tmp/again.c" <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <uriparser/Uri.h>

static void print(const UriUriA* uri) {
  int length;
  if (uriToStringCharsRequiredA(uri, &length) != URI_SUCCESS) exit(1);
  char* text = malloc(length + 1);
  if (!text || uriToStringA(text, uri, length + 1, NULL) != URI_SUCCESS) exit(1);
  printf(" %s", text);
  free(text);
}

int main(int count, char** arguments) {
  printf("uriparser %s\n", URI_VER_ANSI);
  for (int i = 1; i < count; ++i) {
    UriUriA uri;
    const char* error;
    if (uriParseSingleUriA(&uri, arguments[i], &error) != URI_SUCCESS) return 1;
    printf("%s: host %.*s, again", arguments[i], (int)(uri.hostText.afterLast - uri.hostText.first), uri.hostText.first);
    print(&uri);
    if (uriNormalizeSyntaxA(&uri) != URI_SUCCESS) return 1;
    printf(", normalised");
    print(&uri);
    printf("\n");
    uriFreeUriMembersA(&uri);
  }
  return 0;
}
C
libraries=$(dirname "$tmp"/root/usr/lib/*/liburiparser.so)
gcc -I"$tmp/root/usr/include" -o "$tmp/again" "$tmp/again.c" -L"$libraries" -luriparser
stated='uriparser 0.9.7
http://[::1]/a: host ::1, again http://[0000:0000:0000:0000:0000:0000:0000:0001]/a, normalised http://[0000:0000:0000:0000:0000:0000:0000:0001]/a
http://[2001:DB8::1]:81/: host 2001:DB8::1, again http://[2001:0db8:0000:0000:0000:0000:0000:0001]:81/, normalised http://[2001:0db8:0000:0000:0000:0000:0000:0001]:81/
http://[::ffff:1.2.3.4]/: host ::ffff:1.2.3.4, again http://[0000:0000:0000:0000:0000:ffff:0102:0304]/, normalised http://[0000:0000:0000:0000:0000:ffff:0102:0304]/
http://[v1.A]/: host v1.A, again http://[v1.A]/, normalised http://[v1.a]/
http://EXAMPLE.example/: host EXAMPLE.example, again http://EXAMPLE.example/, normalised http://example.example/
http://010.1.1.1/: host 010.1.1.1, again http://010.1.1.1/, normalised http://010.1.1.1/'
seen=$(LD_LIBRARY_PATH=$libraries "$tmp/again" 'http://[::1]/a' 'http://[2001:DB8::1]:81/' 'http://[::ffff:1.2.3.4]/' 'http://[v1.A]/' \
  http://EXAMPLE.example/ http://010.1.1.1/)
echo "$seen"
diff <(echo "$stated") <(echo "$seen") || { echo "not as stated: < is stated, > is seen"; exit 1; }
echo "as stated"
