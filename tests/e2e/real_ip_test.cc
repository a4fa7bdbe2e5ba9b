// Behind a proxy that nginx's real_ip module trusts: clients come from anywhere, IPv6 among them.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <string>

#include "tests/e2e/processes.h"
#include "tests/e2e/service_test.h"
#include "tests/e2e/wait.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;

// One that the kernel just gave out, and will not soon again.
int FreePort() {
  const int probe = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  socklen_t size = sizeof address;
  const bool bound = bind(probe, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                     getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(probe);
  return bound ? ntohs(address.sin6_port) : 0;
}

class RealIp : public ServiceTest {
 protected:
  // Trusts this machine in the configuration that serve has written, and has nginx read it again.
  static void SetUpTestSuite() {
    StartService({});
    const std::string run = service().data_folder() + "/run/";
    std::string site = ReadFile(run + "sites-available/page-count");
    mapped_port_ = FreePort();
    site.insert(site.find("ssl_protocols"),
                "set_real_ip_from 127.0.0.0/8;\n    real_ip_header X-Real-IP;\n    listen [::]:" +
                    std::to_string(mapped_port_) + " ipv6only=off;\n    ");
    std::ofstream(run + "sites-available/page-count") << site;
    kill(std::stoi(ReadFile(run + "nginx.pid")), SIGHUP);
  }
  void SetUp() override {
    ServiceTest::SetUp();
    ASSERT_TRUE(WaitFor(10s, [this] { return IpOf(VisitFrom("2001:db8:9::1", Page("probe"))) == "2001:db8:9::1"; }));
  }

  // As ServiceTest::Visit, on a connection of its own: an nginx process from before the reload keeps its old ones.
  HttpResponse VisitFrom(const std::string& ip, std::string_view url) {
    HttpClient client = ClientAt(OtherAddress());
    return Send(client, {.method = "POST",
                         .target = "/visit",
                         .headers = {"Content-Type: application/json", "X-Real-IP: " + ip},
                         .body = VisitBody(url)});
  }
  static std::string IpOf(const HttpResponse& response) { return Json::Parse(response.body)["ip"].str(); }

  static inline int mapped_port_ = 0;  // of a listener that takes IPv4 as IPv6
};

TEST_F(RealIp, TheAddressThatNginxSettledOnIsRecorded) {
  EXPECT_EQ(IpOf(VisitFrom("203.0.113.7", Page())), "203.0.113.7");
  EXPECT_EQ(IpOf(VisitFrom("2001:DB8::7", Page())), "2001:db8::7");
  EXPECT_EQ(IpOf(VisitFrom("2001:DB8:0::7", Page())), "2001:db8::7");
  EXPECT_EQ(IpOf(VisitFrom("::ffff:203.0.113.7", Page())), "203.0.113.7");
}

TEST_F(RealIp, AnIpv4ClientOfAnIpv6ListenerIsTheSameClient) {
  const std::string address = OtherAddress();
  HttpClient mapped(mapped_port_, Protocol::kHttp, address);
  HttpClient plain = ClientAt(address);
  const HttpRequest visit{.method = "POST", .target = "/visit", .headers = kJsonBody, .body = VisitBody(Page())};
  const HttpRequest bulk{.method = "POST", .target = "/bulk-visits", .headers = kJsonBody, .body = BulkBody(Page(), 4)};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(IpOf(Send(mapped, visit)), address);
    EXPECT_EQ(IpOf(Send(plain, visit)), address);
  }
  EXPECT_EQ(IpOf(Send(mapped, bulk)), address);
  EXPECT_EQ(Send(plain, visit).status, 429) << "10 visits by whichever port";
  const Json stats = GetJson("/stats/" + Page());
  EXPECT_EQ(stats["unique_ips"].number(), 1) << stats.text();
  EXPECT_EQ(stats["recent_visits"][0]["ip"].str(), address) << stats.text();
}

TEST_F(RealIp, Ipv6ClientsAreLimitedByTheir64) {
  for (int i = 1; i <= 10; ++i) {
    EXPECT_EQ(VisitFrom("2001:db8:1:2::" + std::to_string(i), Page()).status, 200) << i;
  }
  EXPECT_EQ(VisitFrom("2001:db8:1:2:ffff::1", Page()).status, 429);
  EXPECT_EQ(VisitFrom("2001:db8:1:3::1", Page()).status, 200);
}

TEST_F(RealIp, AStrangerIsNotThisMachineHoweverItIsForwarded) {
  EXPECT_EQ(Get("/stats", {"X-Real-IP: 127.0.0.1"}).status, 401);
  EXPECT_EQ(Get("/stats", {"X-Real-IP: ::1"}).status, 401);
}

}  // namespace
}  // namespace page_count::e2e
