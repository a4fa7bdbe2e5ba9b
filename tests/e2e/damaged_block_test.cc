// A block of visits that has changed on the disk under running workers: what needs it fails, and nothing else does.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>

#include "tests/e2e/clock.h"
#include "tests/e2e/service_test.h"
#include "tests/e2e/stored_visits.h"
#include "tests/e2e/wait.h"

namespace page_count::e2e {
namespace {

using namespace std::chrono_literals;

class DamagedBlock : public ServiceTest {
 protected:
  static void SetUpTestSuite() { StartService({.workers = 2, .all_accept = true}); }

  // A block of the page's visits: one a minute, from so long ago on.
  static void ImportBlock(const std::string& page, std::chrono::minutes ago) {
    const std::string file = service().folder() + "/visits.csv";
    std::ofstream csv(file);
    csv << "url,ip,user_agent,timestamp\r\n";
    for (int i = 0; i < kVisits; ++i) {
      csv << page << ",192.0.2." << i << ",e2e," << TimeText(Clock::now() - ago + i * 1min) << "\r\n";
    }
    csv.close();
    service().RunProgram({"import", file, "--database", service().database()});
  }
  // Another last byte in the pages of the first block. Returns the block's number.
  static std::string DamageFirstBlock() {
    DatabaseFile file(service().database());
    std::string block = file.Read("select id from block order by first_id limit 1");
    file.Execute(
        "update block_column set codes = cast(substr(codes, 1, length(codes) - 1) || "
        "case substr(codes, -1) when x'ff' then x'00' else x'ff' end as blob) where id = " +
        block + " << 4 | 1");
    return block;
  }
  HttpResponse StatsOf(const std::string& page, int hours) {
    return Get("/stats/" + page + "?hours=" + std::to_string(hours));
  }

  static constexpr int kVisits = 110;  // more than the newest ones that are shown
  static constexpr int kRecorded = 5;
};

TEST_F(DamagedBlock, FailsWhatNeedsItAndNothingElse) {
  const std::string page = Page();
  ImportBlock(page, 40h);
  ImportBlock(page, 3h);
  ASSERT_EQ(StatsOf(page, 48).status, 200);
  const std::string block = DamageFirstBlock();
  const size_t logged = service().Output().size();

  for (int i = 0; i < 20; ++i) {
    const auto refused = StatsOf(page, 48);
    ExpectError(refused, 503, "Storage unavailable, please try again later");
    EXPECT_TRUE(refused.HasHeader("Retry-After"));
  }
  const std::string log = service().Output().substr(logged);
  EXPECT_NE(log.find("block " + block + " of visits"), std::string::npos) << log;
  EXPECT_NE(log.find("is damaged; put a backup in the file's place"), std::string::npos) << log;
  EXPECT_LE(std::count(log.begin(), log.end(), '\n'), 2) << "one line a worker, not one a request:\n" << log;

  const auto later = StatsOf(page, 12);
  EXPECT_EQ(later.status, 200) << later.body;
  EXPECT_EQ(Get("/stats").status, 200);
  for (int i = 0; i < kRecorded; ++i) EXPECT_EQ(Visit(page).status, 200) << "visits are recorded";
  EXPECT_EQ(GetJson("/stats/" + page)["total_visits"].number(), 2 * kVisits + kRecorded);
  EXPECT_EQ(StatsOf(page, 48).status, 503);
  EXPECT_TRUE(WaitFor(10s, [this] { return Get("/health").status == 200; }));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(Get("/health").status, 200) << "visits are recorded, and the site's are read";
}

class DamagedNewestBlock : public DamagedBlock {};

TEST_F(DamagedNewestBlock, IsSaidByHealthAsTheSitesFiguresNeedIt) {
  const std::string page = Page();
  ImportBlock(page, 3h);
  DamageFirstBlock();
  ExpectError(Get("/stats"), 503);
  EXPECT_TRUE(WaitFor(10s, [this] { return Get("/stats").status == 503 && Get("/health").status == 503; }));
  EXPECT_EQ(Visit(page).status, 200) << "visits are recorded";
}

}  // namespace
}  // namespace page_count::e2e
