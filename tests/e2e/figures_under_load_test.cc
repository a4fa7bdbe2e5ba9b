// Answers against a naive recount of the visit log, while load is running.
//
// What was recorded only grows meanwhile. So every figure of an answer lies between a recount before it was asked for
// and one after it came, and the parts of one answer agree with each other to the visit.
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/service_test.h"
#include "tests/e2e/stored_visits.h"

namespace page_count::e2e {
namespace {

constexpr int kWriters = 4;
constexpr int kAddresses = 80;  // of a writer
constexpr int kPages = 12;
constexpr int64_t kVisits = 25'000;  // every worker counts several times; the rate limit lets through 38,400

struct Recount {
  struct Page {
    int64_t visits = 0;
    int64_t clients = 0;
  };
  std::map<std::string, Page> pages;
  int64_t visits = 0;
  int64_t clients = 0;
};

int64_t WithoutSeparators(std::string text) {
  std::erase(text, ',');
  return std::stoll(text);
}

int64_t Sum(const Json& counts) {
  int64_t sum = 0;
  for (const std::string& key : counts.keys()) sum += counts[key].number();
  return sum;
}

class FiguresUnderLoad : public ServiceTest {
 protected:
  static void SetUpTestSuite() { StartService({.workers = 4, .all_accept = true}); }

  // Keeps recording until it is told to stop: every address visits every page up to the rate limit, then goes on
  // refused.
  void Write(int writer, const std::atomic<bool>& stop) {
    std::vector<std::unique_ptr<HttpClient>> clients;
    for (int i = 0; i < kAddresses; ++i) {
      clients.push_back(std::make_unique<HttpClient>(service().http_port(), Protocol::kHttp,
                                                     "127.96." + std::to_string(writer) + "." + std::to_string(i + 1)));
    }
    for (size_t i = 0; !stop; ++i) {
      const std::string url = "https://recounted.example/" + std::to_string(i / kAddresses % kPages);
      const Headers headers = {"Content-Type: application/json", "User-Agent: agent " + std::to_string(i % 7)};
      clients[i % kAddresses]->Send({.method = "POST", .target = "/visit", .headers = headers, .body = VisitBody(url)});
    }
  }

  static Recount CountNaively() {
    Recount recount;
    std::map<std::string, std::set<std::string>> clients;
    std::set<std::string> of_site;
    for (const StoredVisit& visit : ExportVisits(service().database())) {
      ++recount.pages[visit.url].visits;
      clients[visit.url].insert(visit.ip);
      of_site.insert(visit.ip);
      ++recount.visits;
    }
    for (const auto& [url, ips] : clients) recount.pages[url].clients = static_cast<int64_t>(ips.size());
    recount.clients = static_cast<int64_t>(of_site.size());
    return recount;
  }

  static void ExpectBetween(int64_t low, int64_t figure, int64_t high, const std::string& what) {
    EXPECT_LE(low, figure) << what;
    EXPECT_LE(figure, high) << what;
  }

  void CheckSummary() {
    Recount before = CountNaively();
    const Json summary = GetJson("/summary?hours=24");
    Recount after = CountNaively();
    ExpectBetween(static_cast<int64_t>(before.pages.size()), static_cast<int64_t>(summary["data"].size()),
                  static_cast<int64_t>(after.pages.size()), "pages");
    ExpectBetween(before.visits, summary["total_entries"].number(), after.visits, "all visits");
    int64_t visits = 0;
    for (const std::string& url : summary["data"].keys()) {
      const Json page = summary["data"][url];
      ExpectBetween(before.pages[url].visits, page["total_visits"].number(), after.pages[url].visits, url);
      ExpectBetween(before.pages[url].clients, page["unique_ips"].number(), after.pages[url].clients, url);
      EXPECT_EQ(Sum(page["by_hour"]), page["total_visits"].number()) << url;
      EXPECT_EQ(Sum(page["user_agents"]), page["total_visits"].number()) << url;
      visits += page["total_visits"].number();
    }
    EXPECT_EQ(summary["total_entries"].number(), visits);
  }

  void CheckSite() {
    Recount before = CountNaively();
    const Json stats = GetJson("/stats");
    Recount after = CountNaively();
    ExpectBetween(before.visits, WithoutSeparators(stats["total_visits"].str()), after.visits, "all visits");
    ExpectBetween(before.clients, WithoutSeparators(stats["unique_visitors"].str()), after.clients, "all clients");
    int64_t visits = 0;
    for (const std::string& url : stats["popular_pages"].keys()) {
      const int64_t of_page = WithoutSeparators(stats["popular_pages"][url].str());
      ExpectBetween(before.pages[url].visits, of_page, after.pages[url].visits, url);
      visits += of_page;
    }
    EXPECT_EQ(visits, WithoutSeparators(stats["total_visits"].str()));
  }

  void CheckPage(const std::string& url) {
    Recount before = CountNaively();
    const Json page = GetJson("/stats/" + url + "?hours=24");
    Recount after = CountNaively();
    ExpectBetween(before.pages[url].visits, page["total_visits"].number(), after.pages[url].visits, url);
    ExpectBetween(before.pages[url].clients, page["unique_ips"].number(), after.pages[url].clients, url);
    EXPECT_EQ(Sum(page["hourly_visits"]), page["total_visits"].number());
    EXPECT_EQ(Sum(page["user_agents"]), page["total_visits"].number());
  }

  void CheckAll(int round) {
    CheckSummary();
    CheckSite();
    CheckPage("https://recounted.example/" + std::to_string(round % kPages));
  }
};

TEST_F(FiguresUnderLoad, AreWhatANaiveRecountSays) {
  std::atomic<bool> stop = false;
  std::vector<std::thread> writers;
  writers.reserve(kWriters);
  for (int writer = 0; writer < kWriters; ++writer) writers.emplace_back([&, writer] { Write(writer, stop); });
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  int round = 0;
  for (; CountNaively().visits < kVisits && std::chrono::steady_clock::now() < give_up; ++round) CheckAll(round);
  stop = true;
  for (std::thread& writer : writers) writer.join();
  EXPECT_GE(CountNaively().visits, kVisits);
  EXPECT_GT(round, 5);
  for (round = 0; round < kPages; ++round) CheckAll(round);  // nothing changes now: both recounts are one
}

}  // namespace
}  // namespace page_count::e2e
