#include "worker/commands/open_attributes.h"

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "worker/attributes/country_database.h"
#include "worker/attributes/known_attributes.h"
#include "worker/visits/utf8_text.h"

namespace page_count {
namespace {

constexpr const char* kTorFolder = "/usr/share/tor";  // of Debian's tor-geoipdb
constexpr size_t kMostWordBytes = 512;                // as many as a user agent has

// A word a line; what is empty or begins with # is none.
std::vector<std::string> ReadBotList(const std::string& path) {
  std::vector<std::string> words;
  if (path.empty()) return words;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::string word = CleanLine(line, kMostWordBytes);
    if (!word.empty() && word.front() != '#') words.push_back(std::move(word));
  }
  if (!file.eof()) throw UnfitSettings("bot-list " + path + ": cannot be read; give a file of words, one a line");
  return words;
}

}  // namespace

std::string CountryDatabaseOf(const Settings& settings) {
  if (!settings.country_database.empty()) return settings.country_database;
  return CountryDatabase::FileVersion(kTorFolder).empty() ? "" : kTorFolder;
}

std::string DescribeCountryDatabase(const Settings& settings) {
  const std::string path = CountryDatabaseOf(settings);
  if (path.empty()) return "countries: not known, as no country-database is set";
  try {
    const auto database = CountryDatabase::Open(path);
    return "countries: by " + database->type() + (database->date().empty() ? "" : " of " + database->date()) + ", " +
           path;
  } catch (const CountryDatabaseError& error) {
    return std::string("countries: ") + error.what();
  }
}

std::shared_ptr<AttributeSource> OpenAttributes(const Settings& settings) {
  return std::make_shared<KnownAttributes>(ReadBotList(settings.bot_list), CountryDatabaseOf(settings));
}

}  // namespace page_count
