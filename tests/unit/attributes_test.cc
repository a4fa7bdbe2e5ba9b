#include "tests/conformance/naive_answers.h"
#include "tests/conformance/simple_attributes.h"
#include "tests/unit/store_fixture.h"

namespace page_count {
namespace {

class AttributesTest : public StoreTest {
 protected:
  SqliteVisitStore OpenWithAttributes() {
    return SqliteVisitStore(
        {.path = database_, .now = [this] { return now_; }, .sealing = sealing_, .attributes = attributes_});
  }
  static void MaintainAll(StoreAdmin& store) {
    while (store.Maintain(StoreAdmin::Load::kQuiet)) {
    }
  }
  void RecordSome(VisitWriter& store) const {
    std::vector<Visit> visits;
    for (int i = 0; i < 200; ++i) {
      const std::string number = std::to_string(i);
      visits.push_back(MakeVisit("http://h/" + number, "192.0.2." + number, "agent " + number));
    }
    Record(store, visits);
  }
  // By each attribute in turn.
  static std::vector<std::string> AskForAll(VisitReader& store) {
    Inquiry inquiry;
    for (const Dimension attribute : kAllAttributes) inquiry.questions.push_back({.group_by = {attribute}});
    return LinesOf(store.Ask(inquiry));
  }
  int64_t NumberOf(const char* sql) const { return Connection(database_).ReadInt(sql); }

  std::shared_ptr<SimpleAttributes> attributes_ = std::make_shared<SimpleAttributes>();
};

TEST_F(AttributesTest, AreTheSameBeforeAndAfterTheyAreKept) {
  auto store = OpenWithAttributes();
  RecordSome(store);
  const auto before = AskForAll(store);
  ASSERT_GT(before.size(), 10);
  EXPECT_EQ(NumberOf("select count(*) from attribute_codes"), 0);
  MaintainAll(store);
  EXPECT_EQ(NumberOf("select count(*) from attribute_codes"), 7) << "none of sources: there is none";
  EXPECT_EQ(AskForAll(store), before);
}

TEST_F(AttributesTest, AreWorkedOutAgainByANewVersionWithoutTouchingABlock) {
  auto store = OpenWithAttributes();
  RecordSome(store);
  MaintainAll(store);
  const auto before = AskForAll(store);
  const int64_t blocks = NumberOf("select sum(id) from block");
  attributes_->StartNextVersion();
  const auto at_once = AskForAll(store);
  EXPECT_NE(at_once, before);
  MaintainAll(store);
  EXPECT_EQ(AskForAll(store), at_once);
  EXPECT_EQ(NumberOf("select count(*) from attribute_value where value like '%version 1'"), 0);
  EXPECT_GT(NumberOf("select count(*) from attribute_value where value like '%version 0'"), 0)
      << "a client's country is that of its first visit";
  EXPECT_EQ(NumberOf("select sum(id) from block"), blocks);
}

// Knows one country of all clients.
class OneCountry : public SimpleAttributes {
 public:
  std::string ValueOf(Dimension attribute, std::string_view text) override {
    return attribute == Dimension::kCountry ? country : SimpleAttributes::ValueOf(attribute, text);
  }
  std::string country = "DE";
};

TEST_F(AttributesTest, OfClientsAreWorkedOutAnewIfSomebodySaysSo) {
  const auto attributes = std::make_shared<OneCountry>();
  attributes_ = attributes;
  auto store = OpenWithAttributes();
  const auto countries = [&store] { return LinesOf(store.Ask({{{.group_by = {Dimension::kCountry}}}, {}})).front(); };
  RecordSome(store);
  MaintainAll(store);
  const auto before = countries();
  EXPECT_EQ(before, "question 1: DE = 200");
  attributes->country = "FR";
  attributes->StartNextVersion();
  MaintainAll(store);
  EXPECT_EQ(countries(), before) << "the country is that of the first visit";
  OpenStore().StartAttributesOver(Dimension::kClient);  // a tool, which knows no attributes
  EXPECT_EQ(countries(), "question 1: FR = 200");
  MaintainAll(store);
  EXPECT_EQ(countries(), "question 1: FR = 200");
  EXPECT_EQ(store.Check(), std::vector<std::string>());
}

TEST_F(AttributesTest, OfVisitsAreTheSameWhereverTheyAreReadFrom) {
  auto store = OpenWithAttributes();
  RecordSome(store);
  const ScanRange range{.attributes = {kAllAttributes.begin(), kAllAttributes.end()}};
  const auto scan = [&](std::optional<int64_t> limit) {
    ScanRange limited = range;
    limited.limit = limit;
    std::vector<LoggedVisit> all;
    store.Scan(limited, [&all](std::span<const LoggedVisit> visits) {
      all.insert(all.end(), visits.begin(), visits.end());
      return true;
    });
    return LinesOf(all);
  };
  const auto of_tail = scan(std::nullopt);
  ASSERT_EQ(of_tail.size(), 200);
  EXPECT_NE(of_tail[0].find("of version 1"), std::string::npos) << of_tail[0];
  MaintainAll(store);
  EXPECT_EQ(NumberOf("select sum(visits) from block"), 200);
  EXPECT_EQ(scan(std::nullopt), of_tail) << "many are read together";
  EXPECT_EQ(scan(200), of_tail) << "one by one";
  attributes_->StartNextVersion();
  const auto of_next = scan(std::nullopt);
  EXPECT_NE(of_next, of_tail);
  MaintainAll(store);
  EXPECT_EQ(scan(std::nullopt), of_next);
  EXPECT_EQ(scan(200), of_next);
}

// A question reads the codes of all agents, a scan only those that its visits need.
TEST_F(AttributesTest, OfOtherVisitsAreNotReadByAScan) {
  auto store = OpenWithAttributes();
  for (int i = 0; i < 5'000; i += 1'000) {
    std::vector<Visit> visits;
    for (int n = i; n < i + 1'000; ++n) visits.push_back(MakeVisit("http://h/", "::1", "agent " + std::to_string(n)));
    Record(store, visits);
  }
  MaintainAll(store);
  ASSERT_EQ(NumberOf("select sum(visits) from block"), 5'000);
  Connection(database_).Execute("update attribute_codes set codes = x'ffffff7f' where id & 0xffffffffff = 0");
  const auto read = [&store](std::optional<int64_t> after) {
    ScanCursor cursor{{.limit = 10,
                       .bots = Question::Bots::kExclude,
                       .after = after,
                       .attributes = {Dimension::kBrowser, Dimension::kBot}}};
    return store.ReadNext(cursor).size();
  };
  EXPECT_EQ(read(std::nullopt), 10) << "the newest visits' agents are others than the first";
  EXPECT_THROW(read(0), StoreError);
  EXPECT_THROW(AskForAll(store), StoreError);
}

TEST_F(AttributesTest, AreEmptyWithoutASource) {
  auto store = OpenStore();
  RecordSome(store);
  MaintainAll(store);
  EXPECT_EQ(LinesOf(store.Ask({{{.group_by = {Dimension::kBrowser}}}, {}})),
            (std::vector<std::string>{"question 1:  = 200", "oldest 1772366400500", "newest 1772366400500"}));
}

TEST_F(AttributesTest, OfPagesThatAreGoneAreGoneToo) {
  auto store = OpenWithAttributes();
  RecordSome(store);
  MaintainAll(store);
  now_ += std::chrono::hours(1);
  Record(store, {MakeVisit("http://h/1")});
  ASSERT_GT(NumberOf("select count(*) from attribute_value where attribute = 4"), 1);
  EXPECT_EQ(store.PruneBefore(now_), 200);
  MaintainAll(store);
  EXPECT_LE(NumberOf("select count(*) from attribute_value where attribute = 4"), 1);
  EXPECT_EQ(store.Check(), std::vector<std::string>());
}

TEST_F(AttributesTest, ThatAreDamagedAreFoundAndWorkedOutAgain) {
  auto store = OpenWithAttributes();
  RecordSome(store);
  MaintainAll(store);
  const auto before = AskForAll(store);
  for (const char* damage : {"update attribute_codes set codes = x'ffffff7f' where id >> 40 = 7",
                             "delete from attribute_value where attribute = 7 and code = 1",
                             "update attribute_progress set last_id = last_id + 1"}) {
    Connection(database_).Execute(damage);
    EXPECT_FALSE(store.Check().empty()) << damage;
    store.Repair();
    EXPECT_EQ(store.Check(), std::vector<std::string>()) << damage;
    EXPECT_EQ(AskForAll(store), before);
  }
}

TEST_F(AttributesTest, ThatAreDamagedFailAQuestionAndNothingElse) {
  auto store = OpenWithAttributes();
  RecordSome(store);
  MaintainAll(store);
  Connection(database_).Execute("update attribute_codes set codes = x'ffffff7f' where id >> 40 = 7");
  EXPECT_THROW(AskForAll(store), StoreError);
  EXPECT_EQ(VisitsOf(store), 200);
}

}  // namespace
}  // namespace page_count
