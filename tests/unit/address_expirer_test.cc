#include "worker/store/sqlite/columns/address_expirer.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>

#include "tests/conformance/naive_answers.h"
#include "tests/unit/cut_off.h"
#include "tests/unit/store_fixture.h"
#include "worker/attributes/attribute_source.h"
#include "worker/store/sqlite/log/client_address.h"
#include "worker/visits/pseudonym.h"

namespace page_count {
namespace {

namespace fs = std::filesystem;
using std::chrono::days;
using std::chrono::minutes;

// Addresses that end in an odd digit are in Germany.
class OddIsGerman : public AttributeSource {
 public:
  std::string ValueOf(Dimension attribute, std::string_view text) override {
    if (attribute != Dimension::kCountry) return "";
    if (const auto pseudonym = Pseudonym::Parse(text)) return pseudonym->country;
    return !text.empty() && (text.back() - '0') % 2 == 1 ? "DE" : "";
  }
  std::string VersionOf(Dimension) override { return "1"; }
};

class AddressExpirerTest : public StoreTest {
 protected:
  static constexpr days kRetention{30};

  AddressExpirerTest() { sealing_ = {.block_visits = 64, .worth_sealing = 8}; }

  SqliteVisitStore Open(days retention = kRetention) {
    return SqliteVisitStore({.path = database_,
                             .now = [this] { return now_; },
                             .sealing = sealing_,
                             .attributes = attributes_,
                             .address_retention = retention});
  }
  static void MaintainAll(StoreAdmin& store) {
    while (store.Maintain(StoreAdmin::Load::kQuiet)) {
    }
  }
  static std::string AddressOf(int visitor) {
    return visitor % 4 < 2 ? "203.0.113." + std::to_string(visitor) : "2001:db8:77::" + std::to_string(visitor);
  }
  // Visitors from `first` on and before `before`, a minute after each other, each to one of three pages.
  void VisitFrom(VisitWriter& store, int first, int before) {
    for (int visitor = first; visitor < before; ++visitor) {
      const Visit visit = MakeVisit("http://h/" + std::to_string(visitor % 3), AddressOf(visitor));
      store.Commit(std::vector{&visit});
      now_ += minutes(1);
    }
  }
  static std::vector<std::string> Figures(VisitReader& store) {
    return LinesOf(store.Ask({{{.measure = Question::Measure::kVisitors},
                               {.group_by = {Dimension::kPage}, .measure = Question::Measure::kBoth},
                               {.group_by = {Dimension::kCountry}, .measure = Question::Measure::kBoth}},
                              {}}));
  }
  // By address, how many visits.
  static std::map<std::string, int> Addresses(VisitReader& store) {
    std::map<std::string, int> addresses;
    for (const LoggedVisit& visit : ReadAll(store)) ++addresses[visit.ip];
    return addresses;
  }
  static int64_t CountExpired(const std::map<std::string, int>& addresses) {
    return std::count_if(addresses.begin(), addresses.end(),
                         [](const auto& entry) { return entry.first.starts_with("expired-"); });
  }
  // In the file and in its log, as text and as the dictionary has it.
  int BytesLeft(int first, int before) const {
    int left = 0;
    for (const char* ending : {"", "-wal"}) {
      std::ostringstream content;
      content << std::ifstream(database_ + ending, std::ios::binary).rdbuf();
      std::string bytes = content.str();
      bytes.erase(bytes.find_last_not_of('\0') + 1);  // the log is longer than what is in it
      for (int visitor = first; visitor < before; ++visitor) {
        // Neither is the start of another visitor's.
        const std::string packed = PackAddress(AddressOf(visitor));
        const std::string text = AddressOf(visitor);
        left += bytes.find(packed) != std::string::npos ? 1 : 0;
        left += bytes.find(text) != std::string::npos ? 1 : 0;
      }
    }
    return left;
  }

  std::shared_ptr<AttributeSource> attributes_ = std::make_shared<OddIsGerman>();
};

TEST_F(AddressExpirerTest, KeepsVisitorsApartAndEveryFigure) {
  auto store = Open();
  VisitFrom(store, 100, 230);
  MaintainAll(store);
  VisitFrom(store, 100, 200);
  const auto figures = Figures(store);
  const auto before = Addresses(store);
  ASSERT_EQ(before.size(), 130U);
  now_ += days(31);
  auto another = Open();
  MaintainAll(another);
  const auto after = Addresses(store);
  EXPECT_EQ(CountExpired(after), 130);
  EXPECT_EQ(after.size(), 130U);
  EXPECT_EQ(Figures(store), figures) << "countries too";
  EXPECT_EQ(store.Check(), std::vector<std::string>());
  store.Repair();
  EXPECT_EQ(Figures(store), figures) << "from the pseudonyms";
}

TEST_F(AddressExpirerTest, LeavesWhoHasVisitedSince) {
  auto store = Open();
  VisitFrom(store, 100, 200);
  MaintainAll(store);
  now_ += days(20);
  VisitFrom(store, 100, 120);
  MaintainAll(store);
  now_ += days(11);
  VisitFrom(store, 120, 125);
  auto another = Open();
  MaintainAll(another);
  const auto after = Addresses(store);
  EXPECT_EQ(CountExpired(after), 75);
  for (int visitor = 100; visitor < 125; ++visitor) {
    EXPECT_EQ(after.at(AddressOf(visitor)), 2) << "all its visits, as it is one client";
  }
  EXPECT_EQ(store.Check(), std::vector<std::string>());
}

TEST_F(AddressExpirerTest, TellsOldVisitsOfABlockFromNewOnes) {
  auto store = Open();
  VisitFrom(store, 100, 130);
  const UtcTime middle = now_;
  VisitFrom(store, 130, 164);
  MaintainAll(store);
  ASSERT_EQ(Connection(database_).ReadInt("select count(*) from block"), 1);
  now_ = middle + kRetention;
  auto another = Open();
  MaintainAll(another);
  const auto after = Addresses(store);
  EXPECT_EQ(CountExpired(after), 30);
  EXPECT_TRUE(after.contains(AddressOf(130))) << "its visit is 30 days old, and not older";
}

TEST_F(AddressExpirerTest, SealsATailThatIsTooOld) {
  auto store = Open();
  VisitFrom(store, 100, 105);
  MaintainAll(store);
  ASSERT_EQ(Connection(database_).ReadInt("select count(*) from visit"), 5) << "too few to be sealed";
  now_ += days(31);
  VisitFrom(store, 104, 106);
  auto another = Open();
  MaintainAll(another);
  EXPECT_EQ(CountExpired(Addresses(store)), 4);
  EXPECT_EQ(Connection(database_).ReadInt("select count(*) from visit"), 0);
  EXPECT_EQ(BytesLeft(100, 104), 0);
}

TEST_F(AddressExpirerTest, LooksOnceADay) {
  auto store = Open();
  VisitFrom(store, 100, 164);
  MaintainAll(store);
  EXPECT_FALSE(store.Watch());
  now_ += days(1);
  EXPECT_TRUE(store.Watch()) << "there is work for Maintain though nobody visits";
  MaintainAll(store);
  EXPECT_FALSE(store.Watch());
  now_ -= days(2);
  EXPECT_TRUE(store.Watch()) << "a clock that was put back";
  MaintainAll(store);
  now_ += days(33);
  EXPECT_TRUE(store.Watch());
  MaintainAll(store);
  EXPECT_EQ(CountExpired(Addresses(store)), 64);
}

TEST_F(AddressExpirerTest, DoesNothingIfAddressesAreKeptForEver) {
  auto store = Open(days(0));
  VisitFrom(store, 100, 164);
  now_ += days(10'000);
  MaintainAll(store);
  EXPECT_FALSE(store.Watch());
  EXPECT_EQ(CountExpired(Addresses(store)), 0);
}

TEST_F(AddressExpirerTest, TakesWhoComesBackForANewVisitor) {
  auto store = Open();
  auto recorder = Open();
  VisitFrom(recorder, 100, 164);
  MaintainAll(recorder);  // which remembers its clients
  now_ += days(31);
  auto another = Open();
  MaintainAll(another);
  ASSERT_EQ(CountExpired(Addresses(store)), 64);
  VisitFrom(recorder, 100, 164);
  MaintainAll(recorder);
  EXPECT_EQ(VisitorsOf(store), 128);
  EXPECT_EQ(store.Check(), std::vector<std::string>());
}

TEST_F(AddressExpirerTest, LeavesPseudonymsAlone) {
  auto store = Open();
  std::vector<Visit> visits;
  for (int i = 10; i < 74; ++i) {
    visits.push_back(MakeVisit("http://h/", "hash-DE-00000000000000" + std::to_string(i)));
  }
  Record(store, visits);
  now_ += days(31);
  MaintainAll(store);
  EXPECT_EQ(CountExpired(Addresses(store)), 0);
}

TEST_F(AddressExpirerTest, LeavesNoByteOfThemInTheFileAndItsLog) {
  auto store = Open();
  VisitFrom(store, 100, 227);
  MaintainAll(store);
  VisitFrom(store, 100, 120);
  ASSERT_EQ(BytesLeft(100, 227), 127 + 20) << "sealed ones, and those of the tail";
  now_ += days(20);
  VisitFrom(store, 227, 255);
  MaintainAll(store);
  now_ += days(11);
  auto another = Open();
  MaintainAll(another);
  EXPECT_EQ(CountExpired(Addresses(store)), 127);
  EXPECT_EQ(BytesLeft(100, 227), 0);
  EXPECT_GT(BytesLeft(227, 255), 0);
  EXPECT_EQ(store.Check(), std::vector<std::string>());
}

TEST_F(AddressExpirerTest, ErasesOnlyWhatNobodyReads) {
  auto store = Open();
  VisitFrom(store, 100, 164);
  MaintainAll(store);
  now_ += days(31);
  auto another = Open();
  {
    Connection reader(database_);
    const Transaction snapshot(reader, Transaction::Kind::kRead);
    EXPECT_EQ(reader.ReadInt("select count(*) from client"), 64);
    VisitFrom(store, 164, 165);
    MaintainAll(another);
    EXPECT_EQ(reader.ReadInt("select sum(address >= x'04' and address < x'07') from client"), 64)
        << "as of the snapshot";
    EXPECT_TRUE(another.Watch()) << "the log is still to be erased";
  }
  MaintainAll(another);
  EXPECT_FALSE(another.Watch());
  EXPECT_EQ(BytesLeft(100, 164), 0);
  EXPECT_EQ(CountExpired(Addresses(store)), 64);
  EXPECT_EQ(store.Check(), std::vector<std::string>());
}

TEST_F(AddressExpirerTest, GoesOnWhereverItWasKilled) {
  {
    auto store = Open(days(0));
    std::vector<Visit> visits;
    for (int i = 0; i < 1'000; ++i) {
      visits.push_back(MakeVisit("http://h/" + std::to_string(i % 7), "2001:db8:5::" + std::to_string(i)));
    }
    Record(store, visits);
    MaintainAll(store);
    Record(store, {MakeVisit("http://h/tail", "203.0.113.99")});
  }
  now_ += days(31);
  const std::string original = database_;
  std::set<int64_t> expired_when_killed;
  for (int commit = 1; !HasFailure(); ++commit) {
    SCOPED_TRACE(commit);
    database_ = folder_.File("copy-" + std::to_string(commit) + ".db");
    for (const char* ending : {"", "-wal"}) fs::copy_file(original + ending, database_ + ending);
    const bool is_killed = CutOff::At(commit, [&] {
      auto store = Open();
      MaintainAll(store);
    });
    auto store = Open();
    EXPECT_EQ(store.Check(), std::vector<std::string>());
    EXPECT_EQ(VisitorsOf(store), 1'001);
    expired_when_killed.insert(CountExpired(Addresses(store)));
    MaintainAll(store);
    EXPECT_EQ(CountExpired(Addresses(store)), 1'001);
    EXPECT_EQ(VisitorsOf(store), 1'001);
    EXPECT_EQ(store.Check(), std::vector<std::string>());
    if (!is_killed) break;
  }
  EXPECT_TRUE(expired_when_killed.contains(0));
  EXPECT_GT(expired_when_killed.size(), 4U) << "nor between transactions";
}

}  // namespace
}  // namespace page_count
