#!/bin/bash
# CLI11 2.4.1 (libcli11-dev of Debian 13): the values of ignored items of a configuration file are taken as leftover arguments.
#
# Expected: with CLI::config_extras_mode::ignore, an item that the program does not know has no effect. CLI11's book, "Accepting
# configure files", says that this mode ignores extra parameters of the file completely and that it is the default; only `capture`
# is to put them among the extras.
# Seen: with 2.1.2 (Debian 12) so. With 2.4.1 the item's name is dropped but each of its values is kept, as if it stood on the
# command line: parse() throws "The following argument was not expected: blue", which names neither the file nor the item, and
# after allow_extras() remaining() has "blue". It is the same with ignore_all. An array gives all its elements. An item of a
# section that is no subcommand's does nothing, so that [other] colour=blue is ignored with either version.
# For a counter: a settings file that is shared, or that a newer version wrote, stops an older program on Debian 13 and not on 12.
# Register every known item and refuse the others by oneself (config_extras_mode::error), with their names.
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

debian "$tmp/12" bookworm libcli11-dev=2.1.2+ds-1
debian "$tmp/13" trixie libcli11-dev=2.4.1+ds-2
cat >"$tmp/items.cpp" <<'CPP'
#include <CLI/CLI.hpp>

#include <iostream>

static void parse(const char* what, CLI::config_extras_mode mode, bool extras, const char* file) {
  CLI::App app;
  int port = 0;
  app.set_config("--config", file);
  app.add_option("--port", port);
  app.allow_config_extras(mode);
  app.allow_extras(extras);
  std::cout << what << ": ";
  try {
    app.parse("", false);
    std::cout << "port " << port << ", remaining";
    for (const std::string& argument : app.remaining()) std::cout << " [" << argument << "]";
  } catch (const CLI::ParseError& error) {
    std::cout << error.what();
  }
  std::cout << "\n";
}

int main(int, char** argv) {
  using mode = CLI::config_extras_mode;
  std::cout << "CLI11 " << CLI11_VERSION << "\n";
  parse("ignore", mode::ignore, false, argv[1]);
  parse("ignore_all", mode::ignore_all, false, argv[1]);
  parse("ignore, allow_extras", mode::ignore, true, argv[1]);
  parse("ignore, a section", mode::ignore, false, argv[2]);
}
CPP
printf 'port=8080\ncolour=blue\n' >"$tmp/item.ini"
printf 'port=8080\n[other]\ncolour=blue\n' >"$tmp/section.ini"
for version in 12 13; do g++ -std=c++17 -O0 -I"$tmp/$version/usr/include" -o "$tmp/items-$version" "$tmp/items.cpp"; done
stated='CLI11 2.1.2
ignore: port 8080, remaining
ignore_all: port 8080, remaining
ignore, allow_extras: port 8080, remaining
ignore, a section: port 8080, remaining
CLI11 2.4.1
ignore: The following argument was not expected: blue
ignore_all: The following argument was not expected: blue
ignore, allow_extras: port 8080, remaining [blue]
ignore, a section: port 8080, remaining'
seen=$(for version in 12 13; do "$tmp/items-$version" "$tmp/item.ini" "$tmp/section.ini"; done)
echo "$seen"
diff <(echo "$stated") <(echo "$seen") || { echo "not as stated: < is stated, > is seen"; exit 1; }
echo "as stated"
