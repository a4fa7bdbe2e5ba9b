// Behind something on this machine that hands connections on: whoever comes through it is not taken for a local client.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <string>

#include "tests/e2e/processes.h"
#include "tests/e2e/raw_http.h"
#include "tests/e2e/service_test.h"
#include "tests/e2e/wait.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;

// The line that the site's file and the README name.
constexpr std::string_view kAlwaysAsk = "set $page_count_realm page-count;";

class Forwarder : public ServiceTest {
 protected:
  // Adds listeners beside those that serve has written, one for each kind of forwarder, and has nginx read them.
  static void SetUpTestSuite() {
    StartService({});
    const std::string run = service().data_folder() + "/run/";
    std::ofstream site(run + "sites-available/page-count", std::ios::app);
    const std::string paths = " include snippets/page-count.conf;";
    const std::string trusted = "set_real_ip_from 127.0.0.0/8; real_ip_header ";
    AddServer(site, settled_, "127.0.0.1:", " proxy_protocol", trusted + "proxy_protocol;" + paths);
    AddServer(site, named_, "127.0.0.1:", " proxy_protocol", paths);
    AddServer(site, tunnel_, "127.0.0.1:", "", trusted + "CF-Connecting-IP;" + paths);
    if (HasIpv6()) AddServer(site, dual_stack_, "[::]:", " ipv6only=off", paths);
    AddServer(site, merging_, "127.0.0.1:", "",
              "location / { proxy_pass http://127.0.0.1:" + std::to_string(service().http_port()) + "/; }");
    AddServer(site, asking_, "127.0.0.1:", "", paths + " " + std::string(kAlwaysAsk));
    site.close();
    kill(std::stoi(ReadFile(run + "nginx.pid")), SIGHUP);
    ASSERT_TRUE(WaitFor(10s, [] { return Listens(asking_); })) << service().Output();
  }

  static bool HasIpv6() {
    const int probe = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe >= 0) close(probe);
    return probe >= 0;
  }

  static bool Listens(int port) {
    try {
      RawConnection connection(port);
      return true;
    } catch (const std::runtime_error&) {
      return false;
    }
  }

  // The status of a request on a connection of its own that starts with `proxy_line`, if any.
  static int Status(int port, const std::string& proxy_line, const std::string& target = "/summary",
                    const std::string& headers = "Host: localhost\r\n") {
    const HttpResponse response =
        RawExchange(port, proxy_line + "GET " + target + " HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n");
    if (response.status == 401) ExpectError(response, 401, "Unauthorized");
    return response.status;
  }
  static std::string ProxyLine(const std::string& family, const std::string& source) {
    const std::string destination = family == "TCP4" ? "127.0.0.1" : "::1";
    return "PROXY " + family + " " + source + " " + destination + " 50000 443\r\n";
  }

  // The ports: PROXY protocol with real_ip and without it, a tunnel with a header of its own, a listener that reports
  // IPv4 as ::ffff:127.0.0.1, an HTTP proxy that rewrites paths, and one that always asks.
  static inline int settled_, named_, tunnel_, dual_stack_, merging_, asking_;

 private:
  static void AddServer(std::ofstream& site, int& port, const std::string& address, const std::string& parameters,
                        const std::string& lines) {
    port = FreePort();
    site << "server { listen " << address << port << parameters << "; " << lines << " }\n";
  }
};

constexpr std::array<const char*, 6> kPrivate = {
    "/summary",    "/stats",  "/stats?url=https%3A%2F%2Fe2e.example%2F", "/stats/https://e2e.example/",
    "/all-visits", "/cleanup"};

TEST_F(Forwarder, AStrangerWhomTheProxyProtocolNamesIsNotLocal) {
  for (const int port : {settled_, named_}) {
    for (const char* target : kPrivate) {
      SCOPED_TRACE(std::string(port == settled_ ? "with real_ip " : "without real_ip ") + target);
      EXPECT_EQ(Status(port, ProxyLine("TCP4", "203.0.113.9"), target), 401);
      EXPECT_EQ(Status(port, ProxyLine("TCP4", "128.0.0.1"), target), 401);
      EXPECT_EQ(Status(port, ProxyLine("TCP6", "2001:db8::9"), target), 401);
      EXPECT_EQ(Status(port, ProxyLine("TCP6", "::ffff:203.0.113.9"), target), 401);
      EXPECT_EQ(Status(port, ProxyLine("TCP6", "127:0:0:1::1"), target), 401);
    }
  }
}

TEST_F(Forwarder, ALocalClientWhomTheProxyProtocolNamesIsLocal) {
  for (const int port : {settled_, named_}) {
    for (const auto& line : {ProxyLine("TCP4", "127.0.0.1"), ProxyLine("TCP4", "127.8.9.1"), ProxyLine("TCP6", "::1"),
                             ProxyLine("TCP6", "::ffff:127.0.0.1")}) {
      EXPECT_EQ(Status(port, line), 200) << line;
      EXPECT_EQ(Status(port, line, "/summary", "Host: pages.example\r\n"), 401) << line;
      EXPECT_EQ(Status(port, line, "/summary", "Host: localhost\r\nVia: 1.1 proxy\r\n"), 401) << line;
    }
  }
}

TEST_F(Forwarder, AStrangerWhomAHeaderOfTheTunnelNamesIsNotLocal) {
  EXPECT_EQ(Status(tunnel_, "", "/summary", "Host: localhost\r\nCF-Connecting-IP: 203.0.113.9\r\n"), 401);
  EXPECT_EQ(Status(tunnel_, "", "/summary", "Host: localhost\r\nCF-Connecting-IP: 2001:db8::9\r\n"), 401);
  EXPECT_EQ(Status(tunnel_, "", "/summary", "Host: localhost\r\nCF-Connecting-IP: ::1\r\n"), 200);
  EXPECT_EQ(Status(tunnel_, ""), 200);
}

TEST_F(Forwarder, NothingThatAStrangerWritesStandsForAnotherCondition) {
  const std::string stranger = ProxyLine("TCP4", "203.0.113.9");
  for (const char* host : {"127.0.0.1|localhost", "localhost|localhost|", "localhost:80|127.0.0.1", "|||", "off",
                           "127.0.0.1|127.0.0.1|127.0.0.1|localhost|localhost|"}) {
    EXPECT_EQ(Status(settled_, stranger, "/summary", std::string("Host: ") + host + "\r\n"), 401) << host;
  }
  EXPECT_EQ(Status(settled_, stranger, "http://localhost/summary", "Host: localhost\r\n"), 401);
}

TEST_F(Forwarder, AListenerThatReportsIpv4AsIpv6IsLocal) {
  if (!HasIpv6()) GTEST_SKIP() << "this machine has no IPv6";
  EXPECT_EQ(Status(dual_stack_, ""), 200);
  EXPECT_EQ(Status(dual_stack_, "", "/stats", "Host: 127.0.0.1\r\n"), 200);
  EXPECT_EQ(Status(dual_stack_, "", "/stats", "Host: pages.example\r\n"), 401);
}

TEST_F(Forwarder, AProxyThatMergesSlashesFindsThePage) {
  HttpClient client(merging_, Protocol::kHttp, address());
  const auto visits = [&](const std::string& target) {
    const std::string password = BasicCredentials("admin", service().admin_password());
    const HttpResponse response = Send(client, {.method = "GET", .target = target, .headers = {password}, .body = {}});
    return response.status == 200 ? Json::Parse(response.body)["total_visits"].text() : response.body;
  };
  ASSERT_EQ(Visit(Page("a")).status, 200);
  EXPECT_EQ(visits("/stats/" + Page("a")), "1");
  EXPECT_EQ(visits("/stats/" + Encoded(Page("a"))), "1");
  ASSERT_EQ(Visit(Page("a//b%2Fc?d=e%26f")).status, 200);
  EXPECT_EQ(visits("/stats?url=" + Encoded(Page("a//b%2Fc?d=e%26f"))), "1");
}

TEST_F(Forwarder, OneLineAsksEverybodyForThePassword) {
  for (const char* target : kPrivate) EXPECT_EQ(Status(asking_, "", target), 401) << target;
  EXPECT_EQ(Status(asking_, "", "/health"), 200);
  HttpClient client(asking_, Protocol::kHttp, address());
  const HttpRequest with_password{.method = "GET",
                                  .target = "/summary",
                                  .headers = {BasicCredentials("admin", service().admin_password())},
                                  .body = {}};
  EXPECT_EQ(Send(client, with_password).status, 200);
  const std::string site = ReadFile(service().data_folder() + "/run/sites-available/page-count");
  EXPECT_NE(site.find("#" + std::string(kAlwaysAsk)), std::string::npos) << "the site does not name the line";
}

}  // namespace
}  // namespace page_count::e2e
