#include "worker/commands/settings.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <istream>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "worker/commands/output.h"
#include "worker/commands/page_rule_settings.h"

namespace page_count {
namespace {

constexpr const char* kConfigFile = "/etc/page-count/page-count.conf";

constexpr const char* kOff = "off";

// The environment's name of a setting: --rate-keys is PAGE_COUNT_RATE_KEYS.
std::string EnvironmentName(const std::string& name) {
  std::string variable = "PAGE_COUNT_";
  for (const char c : name) variable += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return variable;
}

template <typename Value>
CLI::Option* Add(CLI::App& app, const std::string& name, Value& value, const std::string& description) {
  return app.add_option("--" + name, value, description)
      ->envname(EnvironmentName(name))
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->capture_default_str();
}

// The command line after what the environment sets: CLI11 by itself would let the configuration file win over it.
std::vector<std::string> Arguments(CLI::App& app, int argc, char** argv) {
  std::vector<std::string> arguments;
  for (const CLI::Option* option : app.get_options()) {
    const std::string variable = option->get_envname();
    const char* value = variable.empty() ? nullptr : std::getenv(variable.c_str());
    if (value != nullptr && *value != '\0') arguments.push_back(option->get_name() + "=" + value);
  }
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
  return arguments;
}

CLI::Validator AbsolutePath() {
  return CLI::Validator(
      [](const std::string& path) {
        return path.starts_with('/') ? std::string()
                                     : "'" + path + "' is no absolute path; give one that starts with /";
      },
      "PATH");
}

CLI::Validator WholeNumber(int64_t least, int64_t most) {
  const std::string range = std::to_string(least) + " to " + std::to_string(most);
  return CLI::Validator(
      [least, most, range](const std::string& text) {
        int64_t number = 0;
        const bool in_range = CLI::detail::lexical_cast(text, number) && number >= least && number <= most;
        return in_range ? std::string() : "'" + text + "' is not in its range; give a whole number from " + range;
      },
      range);
}

CLI::Validator TrueOrFalse() {
  return CLI::Validator(
      [](const std::string& text) {
        const bool known = text == "true" || text == "false";
        return known ? std::string() : "'" + text + "' is neither; give true or false";
      },
      "true|false");
}

CLI::Validator WholeCutOrHashed() {
  return CLI::Validator(
      [](const std::string& text) {
        const bool known = text == "whole" || text == "cut" || text == "hashed";
        return known ? std::string() : "'" + text + "' is none of them; give whole, cut or hashed";
      },
      "whole|cut|hashed");
}

CLI::Validator DaysOrOff() {
  return CLI::Validator(
      [](const std::string& text) {
        const bool known = text == kOff || DaysOf(text) != std::chrono::days(0);
        return known ? std::string() : "'" + text + "' is no number of days; give 1d to 36500d, or off";
      },
      "DAYS");
}

// The configuration file as the worker reads it. A list needs no quotes: CLI11 takes it apart at commas, or blanks.
class WorkerFile : public CLI::ConfigTOML {
 public:
  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    std::vector<CLI::ConfigItem> settings = CLI::ConfigTOML::from_config(input);
    for (CLI::ConfigItem& setting : settings) {
      if (!IsListSetting(setting.name)) continue;
      std::string list;
      for (const std::string& entry : setting.inputs) list += (list.empty() ? "" : ", ") + entry;
      setting.inputs = {std::move(list)};
    }
    return settings;
  }
};

// The same as a tool reads it: all of it must be settings of the worker, and the tool takes those alone that it has
// too. CLI11 could ignore the others by itself, but version 2.4.1 takes their values for arguments of the command line.
class ToolFile : public WorkerFile {
 public:
  explicit ToolFile(const CLI::App& tool) : tool_(tool) { AddWorkerSettings(worker_, settings_); }

  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    std::vector<CLI::ConfigItem> settings = WorkerFile::from_config(input);
    for (const CLI::ConfigItem& setting : settings) {
      if (!IsSetting(setting)) throw CLI::ConfigError::Extras(setting.fullname());
    }
    std::erase_if(settings, [this](const CLI::ConfigItem& setting) {
      return tool_.get_option_no_throw("--" + setting.name) == nullptr;
    });
    return settings;
  }

 private:
  bool IsSetting(const CLI::ConfigItem& line) const {
    const CLI::Option* option = line.parents.empty() ? worker_.get_option_no_throw("--" + line.name) : nullptr;
    return option != nullptr && option->get_configurable();
  }

  const CLI::App& tool_;  // which owns this
  CLI::App worker_;
  Settings settings_;
};

void AddFileAndDatabase(CLI::App& app, Settings& settings) {
  app.set_config("--config", kConfigFile, "Configuration file, one `name = value` a line")
      ->envname("PAGE_COUNT_CONFIG")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.allow_config_extras(CLI::config_extras_mode::error);
  Add(app, "database", settings.database, "The SQLite file that visits are kept in")->check(AbsolutePath());
}

void AddPageRules(CLI::App& app, Settings& settings) {
  Add(app, "strip-parameters", settings.strip_parameters,
      "Parameters to take off each URL: known (those of campaigns and clicks), names like utm_*, or none")
      ->check(StripParameters());
  Add(app, "strip-trailing-slash", settings.strip_trailing_slash, "Count /a/ as /a")
      ->check(TrueOrFalse())
      ->default_str("false");
  Add(app, "strip-index", settings.strip_index, "Count /a/index.html as /a/")
      ->check(TrueOrFalse())
      ->default_str("false");
}

void AddUncounted(CLI::App& app, Settings& settings) {
  Add(app, "sites", settings.sites, "The sites that are counted: example.com, *.example.org; any if none is named")
      ->check(Sites());
  Add(app, "ignore-addresses", settings.ignore_addresses, "Addresses and blocks of them whose visits are not counted")
      ->check(AddressBlocks());
  Add(app, "honor-opt-out", settings.honor_opt_out, "Count no visit of a browser that sends Sec-GPC: 1 or DNT: 1")
      ->check(TrueOrFalse())
      ->default_str("false");
}

}  // namespace

void AddDatabaseSettings(CLI::App& app, Settings& settings) {
  AddFileAndDatabase(app, settings);
  app.config_formatter(std::make_shared<ToolFile>(app));
}

void AddAttributeSettings(CLI::App& app, Settings& settings) {
  Add(app, "country-database", settings.country_database,
      "An .mmdb file, or a folder with tor-geoipdb's; else /usr/share/tor if it has them")
      ->check(AbsolutePath() | CLI::IsMember({""}));
  Add(app, "bot-list", settings.bot_list, "A file with words of user agents that are bots, one a line")
      ->check(AbsolutePath() | CLI::IsMember({""}));
}

void AddRewriteSettings(CLI::App& app, Settings& settings) {
  AddFileAndDatabase(app, settings);
  AddPageRules(app, settings);
  app.config_formatter(std::make_shared<ToolFile>(app));
}

void AddWorkerSettings(CLI::App& app, Settings& settings) {
  AddFileAndDatabase(app, settings);
  app.config_formatter(std::make_shared<WorkerFile>());
  Add(app, "rate-table", settings.rate_table, "The file that workers share the rate limit through")
      ->check(AbsolutePath());
  Add(app, "rate-keys", settings.rate_keys,
      "How many pairs of client and page the rate table holds, at 24 bytes and 4 for each visit of the larger limit")
      ->check(WholeNumber(16, 16'777'216));
  Add(app, "visit-limit", settings.visit_limit, "Visits a window by one client to one page through /visit, / and pixel")
      ->check(WholeNumber(1, 1'000));
  Add(app, "bulk-limit", settings.bulk_limit, "The same through /bulk-visits")->check(WholeNumber(1, 1'000));
  Add(app, "rate-window", settings.rate_window, "The window, in seconds")->check(WholeNumber(1, 86'400));
  Add(app, "ipv6-prefix", settings.ipv6_prefix, "How many bits of an IPv6 address make one client")
      ->check(WholeNumber(1, 128));
  Add(app, "threads", settings.threads, "Threads for figures; exports have half as many, cleanup has one")
      ->check(WholeNumber(1, 64));
  Add(app, "wal-sync", settings.wal_sync, "Sync to disk before a visit is acknowledged; false may lose visits")
      ->check(TrueOrFalse())
      ->default_str("true");
  Add(app, "drain", settings.drain, "Seconds a stopping worker serves on; more than nginx's keepalive_time")
      ->check(WholeNumber(0, 3'600));
  Add(app, "reader-timeout", settings.reader_timeout,
      "Seconds after which an answer is cut off whose reader takes nothing; less than nginx's send_timeout")
      ->check(WholeNumber(1, 86'400));
  Add(app, "addresses", settings.addresses,
      "What is kept of a visitor's address: all of it, its network (/24, /48), or a hash that changes each day")
      ->check(WholeCutOrHashed());
  Add(app, "address-retention", settings.address_retention,
      "After how many days without a visit an address is made unreadable, such as 30d; off: never")
      ->check(DaysOrOff());
  AddAttributeSettings(app, settings);
  AddPageRules(app, settings);
  AddUncounted(app, settings);
}

std::chrono::days DaysOf(const std::string& text) {
  constexpr int kMostDays = 36'500;
  int days = 0;
  const char* const end = text.data() + text.size();
  const auto [after, error] = std::from_chars(text.data(), end, days);
  const bool is_in_range = error == std::errc() && days >= 1 && days <= kMostDays;
  return is_in_range && std::string_view(after, end) == "d" ? std::chrono::days(days) : std::chrono::days(0);
}

UtcTime Now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

int Finish(const std::function<int()>& run) {
  try {
    const int status = run();
    FinishOutput();
    return status;
  } catch (const UnfitSettings& error) {
    std::fprintf(stderr, "page-count: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "page-count: %s\n", error.what());
    return 1;
  }
}

int RunCommand(CLI::App& app, int argc, char** argv, const std::function<int()>& run) {
  try {
    app.parse(Arguments(app, argc, argv));
  } catch (const CLI::CallForHelp&) {
    return Finish([&app] {
      Print(app.help());
      return 0;
    });
  } catch (const CLI::ConfigError& error) {
    std::fprintf(stderr,
                 "page-count: %s: not a setting in the configuration file; page-count worker --help lists them\n",
                 error.what());
    return 2;
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "page-count: %s\n", error.what());
    return 2;
  }
  return Finish(run);
}

}  // namespace page_count
