// All settings, from flags, the environment (PAGE_COUNT_...) and the configuration file, in this order of precedence.
//
// The file has one `name = value` a line; /etc/page-count/page-count.conf if no --config names another, and that one
// may be missing. A value that makes no sense, or a name that is none, is refused with what would do. The file is the
// worker's; of it a tool takes what it has as well, such as `database`, and leaves the rest.
#ifndef PAGE_COUNT_COMMANDS_SETTINGS_H_
#define PAGE_COUNT_COMMANDS_SETTINGS_H_

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

#include "worker/visits/utc_time.h"

namespace page_count {

struct Settings {
  std::string database = "/var/lib/page-count/visits.db";
  std::string rate_table = "/run/page-count/rate-table";
  uint32_t rate_keys = 65'536;
  uint32_t visit_limit = 10;
  uint32_t bulk_limit = 20;
  uint32_t rate_window = 60;  // seconds
  int ipv6_prefix = 64;       // bits
  int threads = 4;
  bool wal_sync = true;
  uint32_t drain = 11;                    // seconds
  uint32_t reader_timeout = 3600;         // seconds
  std::string addresses = "whole";        // or cut, or hashed
  std::string address_retention = "off";  // or days, "30d"
  std::string country_database;           // empty: tor-geoipdb's if it is there
  std::string bot_list;                   // empty: none
  std::string strip_parameters = "known";
  bool strip_trailing_slash = false;
  bool strip_index = false;
  std::string sites;             // empty: any
  std::string ignore_addresses;  // empty: none
  bool honor_opt_out = false;
};

// Of a duration that the settings have: "30d"; 0 of "off".
std::chrono::days DaysOf(const std::string& text);

// Adds the settings of the worker.
void AddWorkerSettings(CLI::App& app, Settings& settings);
// Adds those that every tool needs: where the database is.
void AddDatabaseSettings(CLI::App& app, Settings& settings);
// Adds those that attributes are worked out by, for a tool that reads them.
void AddAttributeSettings(CLI::App& app, Settings& settings);
// These, and those that say which page a visit counts for.
void AddRewriteSettings(CLI::App& app, Settings& settings);

// What another try will not mend, and whoever runs the service must: the command ends with status 2.
class UnfitSettings : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The wall clock.
UtcTime Now();

// Runs a command and sees to it that what it printed is written; catches what is thrown and says it on standard error.
// Returns the process's exit status.
int Finish(const std::function<int()>& run);

// Parses the command line and runs the command, as above.
int RunCommand(CLI::App& app, int argc, char** argv, const std::function<int()>& run);

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_SETTINGS_H_
