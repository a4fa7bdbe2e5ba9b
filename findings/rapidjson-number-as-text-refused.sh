#!/bin/bash
# RapidJSON 1.1.0 (rapidjson-dev of Debian 12): "keep numbers as text" still refuses a number that no double holds, and even 0e400.
#
# Expected: with kParseNumbersAsStringsFlag, the reader gives the handler's RawNumber() the digits of any number that RFC 8259's
# grammar allows. The library's documentation of the flag says that it parses all numbers (int and double) as strings, and that is
# what people take it for: numbers of any size, unchanged. The error's text, "Number too big to be stored in double", fits a reader
# that stores a double, which this one does not.
# Seen: with the flag, 1e400, 1E+400 and an integer of 310 digits are refused with that very error, as without it; 1e308 and an
# integer of 300 digits come as text. The exponent is judged before the digits: 0e400 and 0.0e400, which are nought, are refused
# too, with and without the flag, while 1e-400, which is no double other than 0 either, passes, and so does 0.01e310.
# For a counter: RapidJSON cannot be the strict reader of imported JSON, as a valid document may fail through a field that the
# importer skips; and what is checked only after reading (is this count an integer in range?) never sees such numbers.
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

debian "$tmp/root" bookworm rapidjson-dev=1.1.0+dfsg2-7.1
cat >"$tmp/numbers.cpp" <<'CPP'
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <cstdio>
#include <string>

struct Handler : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Handler> {
  std::string got;
  bool RawNumber(const char* text, rapidjson::SizeType length, bool) {
    got = "text of " + std::to_string(length) + (length < 30 ? ": " + std::string(text, length) : " characters");
    return true;
  }
  bool Default() {
    got = "a number";
    return true;
  }
};

template <unsigned flags>
std::string read(const std::string& json) {
  rapidjson::StringStream stream(json.c_str());
  rapidjson::Reader reader;
  Handler handler;
  const auto result = reader.Parse<flags>(stream, handler);
  return result ? handler.got : rapidjson::GetParseError_En(result.Code());
}

int main() {
  std::printf("RapidJSON %s\n", RAPIDJSON_VERSION_STRING);
  for (const std::string& json : {std::string("1e308"), std::string("1e400"), std::string("1E+400"), std::string("0e400"),
                                  std::string("0.0e400"), std::string("0.01e310"), std::string("1e-400"),
                                  std::string(300, '9'), std::string(310, '9')}) {
    const std::string name = json.size() < 30 ? json : std::to_string(json.size()) + " digits";
    std::printf("%s -> %s | %s\n", name.c_str(), read<rapidjson::kParseNumbersAsStringsFlag>(json).c_str(),
                read<rapidjson::kParseDefaultFlags>(json).c_str());
  }
}
CPP
g++ -std=c++17 -O0 -I"$tmp/root/usr/include" -o "$tmp/numbers" "$tmp/numbers.cpp"
stated='RapidJSON 1.1.0
1e308 -> text of 5: 1e308 | a number
1e400 -> Number too big to be stored in double. | Number too big to be stored in double.
1E+400 -> Number too big to be stored in double. | Number too big to be stored in double.
0e400 -> Number too big to be stored in double. | Number too big to be stored in double.
0.0e400 -> Number too big to be stored in double. | Number too big to be stored in double.
0.01e310 -> text of 8: 0.01e310 | a number
1e-400 -> text of 6: 1e-400 | a number
300 digits -> text of 300 characters | a number
310 digits -> Number too big to be stored in double. | Number too big to be stored in double.'
seen=$("$tmp/numbers")
echo "number -> with kParseNumbersAsStringsFlag | without"
echo "$seen"
diff <(echo "$stated") <(echo "$seen") || { echo "not as stated: < is stated, > is seen"; exit 1; }
echo "as stated"
