// Writes visits as `page-count import` reads them: CSV on standard output, spread evenly over the days up to now.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "tests/bench/zipf_visits.h"
#include "worker/visits/utc_time.h"

namespace page_count {
namespace {

constexpr size_t kBufferBytes = 1 << 20;

struct Options {
  int64_t visits = 0;
  int64_t days = 30;
  size_t urls = 20'000;
  uint64_t seed = 1;
};

void Flush(std::string& buffer) {
  if (std::fwrite(buffer.data(), 1, buffer.size(), stdout) != buffer.size()) throw std::runtime_error("cannot write");
  buffer.clear();
}

void WriteVisits(const Options& options) {
  ZipfVisits law(options.urls, options.seed);
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const int64_t seconds = options.days * 86'400;
  UtcTime last{};
  std::string time_text;
  std::string buffer = "url,ip,user_agent,timestamp\n";
  for (int64_t i = 0; i < options.visits; ++i) {
    const UtcTime time = now - std::chrono::seconds(seconds - 1 - i * seconds / options.visits);
    if (time != last) time_text = FormatSpaced(time);
    last = time;
    const auto visit = law.Draw();
    buffer.append(visit.url).append(1, ',').append(visit.ip).append(",\"").append(visit.user_agent);
    buffer.append("\",").append(time_text).append(1, '\n');
    if (buffer.size() >= kBufferBytes) Flush(buffer);
  }
  Flush(buffer);
}

}  // namespace
}  // namespace page_count

int main(int argc, char** argv) {
  try {
    page_count::Options options;
    CLI::App app("Writes visits as CSV to standard output, drawn from a Zipf-like law.", "page-count-make-visits");
    app.add_option("VISITS", options.visits, "How many")->required()->check(CLI::PositiveNumber);
    app.add_option("--days", options.days, "Spread over so many days up to now")->check(CLI::PositiveNumber);
    app.add_option("--urls", options.urls, "How many pages there are")->check(CLI::PositiveNumber);
    app.add_option("--seed", options.seed, "Other seed, other visits");
    CLI11_PARSE(app, argc, argv);
    page_count::WriteVisits(options);
    return std::fflush(stdout) == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "page-count-make-visits: %s\n", error.what());
    return 1;
  }
}
