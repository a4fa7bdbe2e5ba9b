#include "worker/commands/settings.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "worker/commands/page_rule_settings.h"

namespace page_count {
namespace {

struct Setting {
  std::string name;
  std::string good;  // another value than the default
  std::vector<std::string> bad;
};

const std::vector<Setting>& AllSettings() {
  static const std::vector<Setting> kSettings = {
      {"database", "/tmp/other.db", {"visits.db", "./visits.db"}},
      {"rate-table", "/tmp/other-table", {"rate-table", "../rate-table"}},
      {"rate-keys", "1024", {"15", "16777217", "-1", "many", "1.5"}},
      {"visit-limit", "7", {"0", "1001", "-1", "ten", "4294967297"}},
      {"bulk-limit", "8", {"0", "1001", "-20", "99999999999999999999"}},
      {"rate-window", "30", {"0", "86401", "60s", "-60"}},
      {"ipv6-prefix", "48", {"0", "129", "-64", "/64"}},
      {"threads", "2", {"0", "65", "-1", "4x"}},
      {"wal-sync", "false", {"maybe", "2", "off!"}},
      {"drain", "5", {"-1", "3601", "soon"}},
      {"reader-timeout", "60", {"0", "86401", "never"}},
      {"addresses", "cut", {"half", "Hashed", "none"}},
      {"address-retention", "30d", {"0d", "30", "-1d", "36501d", "30days", "d", "1.5d", "1h"}},
      {"strip-parameters", "known, sid", {"none, sid", "*sid", "a,,b"}},
      {"strip-trailing-slash", "true", {"yes", "1"}},
      {"strip-index", "true", {"yes", "1"}},
      {"sites", "example.com, *.example.org", {"https://example.com", "*", "example.com, exa mple"}},
      {"ignore-addresses", "192.0.2.0/24, 2001:db8::1", {"192.0.2.1/24", "192.0.2.0/33", "localhost"}},
      {"honor-opt-out", "true", {"yes", "1"}},
  };
  return kSettings;
}

std::string EnvironmentName(const std::string& name) {
  std::string variable = "PAGE_COUNT_" + name;
  std::transform(variable.begin(), variable.end(), variable.begin(),
                 [](unsigned char c) { return c == '-' ? '_' : static_cast<char>(std::toupper(c)); });
  return variable;
}

class SettingsTest : public testing::Test {
 protected:
  SettingsTest() {
    std::string pattern = testing::TempDir() + "settings-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    for (const Setting& setting : AllSettings()) unsetenv(EnvironmentName(setting.name).c_str());
    unsetenv("PAGE_COUNT_CONFIG");
  }
  ~SettingsTest() override {
    for (const std::string& name : set_) unsetenv(name.c_str());
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  void SetEnvironment(const std::string& name, const std::string& value) {
    setenv(name.c_str(), value.c_str(), 1);
    set_.push_back(name);
  }
  // The path of a configuration file with this text.
  std::string File(const std::string& text) {
    const std::filesystem::path file = folder_ / "page-count.conf";
    std::ofstream(file) << text;
    return file;
  }
  // Reads the worker's settings; what is said on standard error and output is in `error_` and `output_`.
  int Read(std::vector<std::string> arguments) {
    settings_ = Settings();
    CLI::App app("A test.", "page-count worker");
    AddWorkerSettings(app, settings_);
    return Run(app, std::move(arguments));
  }
  static int Succeed() { return 0; }
  int Run(CLI::App& app, std::vector<std::string> arguments, const std::function<int()>& run = Succeed) {
    arguments.insert(arguments.begin(), "worker");
    std::vector<char*> argv;
    argv.reserve(arguments.size());
    for (std::string& argument : arguments) argv.push_back(argument.data());
    testing::internal::CaptureStderr();
    testing::internal::CaptureStdout();
    const int status = RunCommand(app, static_cast<int>(argv.size()), argv.data(), run);
    output_ = testing::internal::GetCapturedStdout();
    error_ = testing::internal::GetCapturedStderr();
    return status;
  }
  // The settings as a configuration file would say them.
  std::string Texts() const {
    return settings_.database + ' ' + settings_.rate_table + ' ' + std::to_string(settings_.rate_keys) + ' ' +
           std::to_string(settings_.visit_limit) + ' ' + std::to_string(settings_.bulk_limit) + ' ' +
           std::to_string(settings_.rate_window) + ' ' + std::to_string(settings_.ipv6_prefix) + ' ' +
           std::to_string(settings_.threads) + ' ' + Text(settings_.wal_sync) + ' ' + std::to_string(settings_.drain) +
           ' ' + std::to_string(settings_.reader_timeout) + ' ' + settings_.addresses + ' ' +
           settings_.address_retention + ' ' + settings_.strip_parameters + ' ' + Text(settings_.strip_trailing_slash) +
           ' ' + Text(settings_.strip_index) + ' ' + settings_.sites + ' ' + settings_.ignore_addresses + ' ' +
           Text(settings_.honor_opt_out);
  }
  static std::string Text(bool value) { return value ? "true" : "false"; }
  static std::string GoodTexts() {
    std::string texts;
    for (const Setting& setting : AllSettings()) texts += (texts.empty() ? "" : " ") + setting.good;
    return texts;
  }
  // One line that names the setting, the value and what would do.
  void ExpectRefusal(const std::string& name, const std::string& value) {
    EXPECT_EQ(std::count(error_.begin(), error_.end(), '\n'), 1) << error_;
    EXPECT_NE(error_.find(name), std::string::npos) << name << ": " << error_;
    const std::string told = IsListSetting(name) ? value.substr(value.rfind(' ') + 1) : "'" + value + "'";
    EXPECT_NE(error_.find(told), std::string::npos) << value << ": " << error_;
    EXPECT_NE(error_.find(IsListSetting(name) ? "; " : "give "), std::string::npos) << error_;
  }

  std::filesystem::path folder_;
  std::vector<std::string> set_;
  Settings settings_;
  std::string error_;
  std::string output_;
};

TEST_F(SettingsTest, HaveDefaults) {
  EXPECT_EQ(Read({"--config", File("")}), 0) << error_;
  EXPECT_EQ(Texts(),
            "/var/lib/page-count/visits.db /run/page-count/rate-table 65536 10 20 60 64 4 true 11 3600 whole off known "
            "false false   false");
}

TEST_F(SettingsTest, AreReadFromFlags) {
  std::vector<std::string> arguments;
  for (const Setting& setting : AllSettings()) arguments.insert(arguments.end(), {"--" + setting.name, setting.good});
  EXPECT_EQ(Read(arguments), 0) << error_;
  EXPECT_EQ(Texts(), GoodTexts());
}

TEST_F(SettingsTest, AreReadFromTheEnvironment) {
  for (const Setting& setting : AllSettings()) SetEnvironment(EnvironmentName(setting.name), setting.good);
  EXPECT_EQ(Read({}), 0) << error_;
  EXPECT_EQ(Texts(), GoodTexts());
}

TEST_F(SettingsTest, AreReadFromAFile) {
  std::string text = "# A comment.\n\n";
  for (const Setting& setting : AllSettings()) {
    const bool is_path = setting.good.starts_with('/');
    text += setting.name + " = " + (is_path ? '"' + setting.good + '"' : setting.good) + "\n";
  }
  EXPECT_EQ(Read({"--config", File(text)}), 0) << error_;
  EXPECT_EQ(Texts(), GoodTexts());
}

TEST_F(SettingsTest, AreReadFromTheFileThatTheEnvironmentNames) {
  SetEnvironment("PAGE_COUNT_CONFIG", File("threads = 9\n"));
  EXPECT_EQ(Read({}), 0) << error_;
  EXPECT_EQ(settings_.threads, 9);
}

TEST_F(SettingsTest, OfTheEnvironmentWinOverTheFile) {
  const std::string file = File("threads = 9\nvisit-limit = 9\n");
  SetEnvironment("PAGE_COUNT_THREADS", "8");
  EXPECT_EQ(Read({"--config", file}), 0) << error_;
  EXPECT_EQ(settings_.threads, 8);
  EXPECT_EQ(settings_.visit_limit, 9U);
}

TEST_F(SettingsTest, OfFlagsWinOverTheEnvironmentAndTheFile) {
  const std::string file = File("threads = 9\n");
  SetEnvironment("PAGE_COUNT_THREADS", "8");
  EXPECT_EQ(Read({"--config", file, "--threads", "7"}), 0) << error_;
  EXPECT_EQ(settings_.threads, 7);
}

TEST_F(SettingsTest, AreRefusedWhereAFlagMakesNoSense) {
  for (const Setting& setting : AllSettings()) {
    for (const std::string& value : setting.bad) {
      EXPECT_EQ(Read({"--" + setting.name + "=" + value}), 2) << setting.name << ' ' << value;
      ExpectRefusal(setting.name, value);
    }
  }
}

TEST_F(SettingsTest, AreRefusedWhereTheEnvironmentMakesNoSense) {
  for (const Setting& setting : AllSettings()) {
    for (const std::string& value : setting.bad) {
      SetEnvironment(EnvironmentName(setting.name), value);
      EXPECT_EQ(Read({}), 2) << setting.name << ' ' << value;
      ExpectRefusal(setting.name, value);
      unsetenv(EnvironmentName(setting.name).c_str());
    }
  }
}

TEST_F(SettingsTest, AreRefusedWhereTheFileMakesNoSense) {
  for (const Setting& setting : AllSettings()) {
    for (const std::string& value : setting.bad) {
      EXPECT_EQ(Read({"--config", File(setting.name + " = \"" + value + "\"\n")}), 2) << setting.name << ' ' << value;
      ExpectRefusal(setting.name, value);
    }
  }
}

TEST_F(SettingsTest, AreAcceptedAtTheEdgesOfTheirRanges) {
  for (const auto& [name, values] :
       std::vector<std::pair<std::string, std::vector<std::string>>>{{"rate-keys", {"16", "16777216"}},
                                                                     {"visit-limit", {"1", "1000"}},
                                                                     {"bulk-limit", {"1", "1000"}},
                                                                     {"rate-window", {"1", "86400"}},
                                                                     {"ipv6-prefix", {"1", "128"}},
                                                                     {"threads", {"1", "64"}},
                                                                     {"wal-sync", {"true", "false"}},
                                                                     {"drain", {"0", "3600"}},
                                                                     {"reader-timeout", {"1", "86400"}},
                                                                     {"addresses", {"whole", "cut", "hashed"}},
                                                                     {"address-retention", {"1d", "36500d", "off"}}}) {
    for (const std::string& value : values) EXPECT_EQ(Read({"--" + name, value}), 0) << error_;
  }
}

TEST_F(SettingsTest, OfADurationAreDays) {
  EXPECT_EQ(DaysOf("30d"), std::chrono::days(30));
  EXPECT_EQ(DaysOf("off"), std::chrono::days(0));
}

TEST_F(SettingsTest, OfAnUnknownNameAreRefused) {
  EXPECT_EQ(Read({"--config", File("threads = 2\nthreds = 2\n")}), 2);
  EXPECT_NE(error_.find("threds"), std::string::npos) << error_;
  EXPECT_EQ(Read({"--threds", "2"}), 2);
  EXPECT_NE(error_.find("threds"), std::string::npos) << error_;
  EXPECT_EQ(Read({"extra"}), 2);
  EXPECT_NE(error_.find("extra"), std::string::npos) << error_;
}

TEST_F(SettingsTest, ThatAreListsNeedNoQuotesInTheFile) {
  for (const std::string list :
       {"a.example, *.b.example", "[\"a.example\", \"*.b.example\"]", "a.example *.b.example"}) {
    EXPECT_EQ(Read({"--config", File("sites = " + list + "\n")}), 0) << error_;
    EXPECT_EQ(settings_.sites, "a.example, *.b.example") << list;
  }
  EXPECT_EQ(Read({"--config", File("sites = a.example\n"), "--sites", "", "--strip-parameters", "none"}), 0) << error_;
  EXPECT_EQ(settings_.sites, "");
  EXPECT_EQ(settings_.strip_parameters, "none");
}

TEST_F(SettingsTest, OfThePagesAreTakenFromTheFileByTheToolThatRewritesThem) {
  CLI::App app("A test.", "page-count rewrite");
  AddRewriteSettings(app, settings_);
  EXPECT_EQ(Run(app, {"--config", File("strip-parameters = sid, uid\nstrip-index = true\nsites = a.example\n")}), 0);
  EXPECT_EQ(settings_.strip_parameters, "sid, uid");
  EXPECT_TRUE(settings_.strip_index);
  EXPECT_EQ(settings_.sites, "");
}

TEST_F(SettingsTest, AreRefusedWhereTheFileNamedIsMissing) {
  const std::string missing = folder_ / "missing.conf";
  EXPECT_EQ(Read({"--config", missing}), 2);
  EXPECT_NE(error_.find(missing), std::string::npos) << error_;
}

TEST_F(SettingsTest, OfTheWorkerAreIgnoredByATool) {
  CLI::App app("A test.", "page-count check");
  AddDatabaseSettings(app, settings_);
  EXPECT_EQ(Run(app, {"--config", File("database = \"/tmp/other.db\"\nthreads = 2\nwal-sync = false\n")}), 0) << error_;
  EXPECT_EQ(settings_.database, "/tmp/other.db");
}

TEST_F(SettingsTest, OfAnUnknownNameAreRefusedByAToolToo) {
  for (const std::string line : {"threds = 2", "repair = true", "help = true", "[worker]\nthreads = 2"}) {
    CLI::App app("A test.", "page-count check");
    AddDatabaseSettings(app, settings_);
    bool repair = false;
    app.add_flag("--repair", repair);
    EXPECT_EQ(Run(app, {"--config", File(line + "\n")}), 2) << line;
    EXPECT_NE(error_.find("not a setting"), std::string::npos) << error_;
    EXPECT_FALSE(repair) << line;
  }
}

TEST_F(SettingsTest, AreAllInTheHelp) {
  EXPECT_EQ(Read({"--help"}), 0) << error_;
  for (const Setting& setting : AllSettings()) {
    EXPECT_NE(output_.find("--" + setting.name), std::string::npos) << setting.name;
    EXPECT_NE(output_.find(EnvironmentName(setting.name)), std::string::npos) << setting.name;
  }
  EXPECT_NE(output_.find("65536"), std::string::npos) << output_;
}

TEST_F(SettingsTest, SayWhyACommandFailed) {
  CLI::App app("A test.", "page-count check");
  AddDatabaseSettings(app, settings_);
  EXPECT_EQ(Run(app, {}, [] { return 3; }), 3);
  EXPECT_EQ(Run(app, {}, []() -> int { throw std::runtime_error("the reason"); }), 1);
  EXPECT_EQ(error_, "page-count: the reason\n");
}

}  // namespace
}  // namespace page_count
