// The scan of columns against a count of the rows, one by one.
#include "worker/store/sqlite/question/column_scan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "worker/base/mutex.h"
#include "worker/store/store_error.h"

namespace page_count {
namespace {

using std::chrono::minutes;

class FakeSource : public ColumnSource {
 public:
  void Add(std::vector<VisitRow> visits) {
    const auto id = static_cast<int64_t>(blocks_.size());
    blocks_.push_back({id, visits.front().id, visits.back().id, static_cast<int64_t>(visits.size())});
    visits_.push_back(std::move(visits));
  }
  std::vector<Block> Find(VisitId from, VisitId before) override {
    std::vector<Block> found;
    std::copy_if(blocks_.begin(), blocks_.end(), std::back_inserter(found),
                 [&](const Block& block) { return block.last >= from && block.first < before; });
    return found;
  }
  std::vector<VisitId> ReadTimes(const Block& block) override {
    const MutexLock lock(reading_);
    ++times_read;
    std::vector<VisitId> times;
    for (const VisitRow& visit : VisitsOf(block)) times.push_back(visit.id);
    return times;
  }
  CodeColumn ReadColumn(const Block& block, Dimension column) override {
    const MutexLock lock(reading_);
    if (block.id == damaged) throw StoreError("damaged");
    ++columns_read[column];
    std::vector<int64_t> all;
    for (const VisitRow& visit : VisitsOf(block)) all.push_back(KeyOf(visit, column));
    CodeColumn codes{all, {}};
    std::sort(codes.ids.begin(), codes.ids.end());
    codes.ids.erase(std::unique(codes.ids.begin(), codes.ids.end()), codes.ids.end());
    for (const int64_t id : all) {
      const auto at = std::lower_bound(codes.ids.begin(), codes.ids.end(), id);
      codes.codes.push_back(static_cast<uint16_t>(at - codes.ids.begin()));
    }
    return codes;
  }
  static int64_t KeyOf(const VisitRow& visit, Dimension dimension) {
    return dimension == Dimension::kInterval
               ? std::chrono::floor<std::chrono::hours>(TimeOf(visit.id)).time_since_epoch().count()
               : visit.texts[IndexOf(dimension)];
  }

  int times_read = 0;
  std::map<Dimension, int> columns_read;
  int64_t damaged = -1;  // id of a block

 private:
  const std::vector<VisitRow>& VisitsOf(const Block& block) const { return visits_[static_cast<size_t>(block.id)]; }

  std::vector<Block> blocks_;
  std::vector<std::vector<VisitRow>> visits_;
  Mutex reading_;
};

using Counted = std::map<std::array<int64_t, 2>, std::pair<int64_t, int64_t>>;  // what a row says, by its keys

class ColumnScanTest : public testing::Test {
 protected:
  // `spread` is how far apart the ids of pages and clients lie.
  void MakeVisits(int64_t spread) { MakeVisits(spread, {300, 1, 500, 40, 700}); }
  void MakeVisits(int64_t spread, const std::vector<size_t>& sizes) {
    int64_t id = FirstIdAt(start_);
    for (const size_t size : sizes) {
      std::vector<VisitRow> block;
      for (size_t i = 0; i < size; ++i) block.push_back(RandomVisit(id, spread, 0));
      source_.Add(block);
      all_.insert(all_.end(), block.begin(), block.end());
    }
    for (int i = 0; i < 200; ++i) tail_.push_back(RandomVisit(id, spread, 5));
    all_.insert(all_.end(), tail_.begin(), tail_.end());
    last_ids_ = {30 * spread, 60 * spread, 8, 3};
  }
  VisitRow RandomVisit(int64_t& id, int64_t spread, int64_t new_clients) {
    id += Random(0, 1) == 0 ? 1 : Random(1, 240'000) << 20;
    return {id,
            {Random(1, 30) * spread, Random(1, 60) * (Random(1, 60) > new_clients ? spread : -1), Random(1, 8),
             Random(0, 3)}};
  }
  int64_t Random(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random_); }

  Counted CountNaively(const ScanQuestion& question) const {
    Counted counted;
    std::map<std::array<int64_t, 2>, std::set<int64_t>> clients;
    if (question.group_by.empty()) counted[{}] = {};
    for (const VisitRow& visit : all_) {
      bool counts = visit.id >= question.from && visit.id < question.before;
      for (size_t column = 0; column < kColumns; ++column) {
        const auto& wanted = question.filters[column];
        const int64_t key = FakeSource::KeyOf(visit, static_cast<Dimension>(column));
        counts =
            counts && (!wanted || std::find(wanted->ids().begin(), wanted->ids().end(), key) != wanted->ids().end());
      }
      if (!counts) continue;
      std::array<int64_t, 2> keys{};
      for (size_t i = 0; i < question.group_by.size(); ++i) keys[i] = FakeSource::KeyOf(visit, question.group_by[i]);
      const bool is_new = clients[keys].insert(visit.client()).second;
      counted[keys].first += question.measure != Question::Measure::kVisitors || is_new ? 1 : 0;
      counted[keys].second += question.measure == Question::Measure::kBoth && is_new ? 1 : 0;
    }
    return counted;
  }
  Counted Count(const ScanQuestion& question) {
    Counted counted;
    for (const Figures::Row& row : ColumnScan(source_, kThreads).Count(question, tail_, last_ids_)) {
      EXPECT_TRUE(counted.emplace(row.keys, std::pair(row.count, row.visitors)).second) << "a group twice";
    }
    return counted;
  }

  ScanQuestion RandomQuestion() {
    ScanQuestion question;
    if (Random(0, 2) > 0) question.from = FirstIdAt(start_ + minutes(Random(-100, 6'000))) + Random(0, 3);
    if (Random(0, 2) > 0) question.before = FirstIdAt(start_ + minutes(Random(-100, 6'000))) + Random(0, 3);
    for (size_t column = 0; column < kColumns; ++column) {
      if (Random(0, 3) > 0) continue;
      std::vector<int64_t> ids;
      for (int64_t i = Random(0, 3) > 0 ? Random(0, 12) : 200; i > 0; --i) {
        ids.push_back(FakeSource::KeyOf(all_[static_cast<size_t>(Random(0, static_cast<int64_t>(all_.size()) - 1))],
                                        static_cast<Dimension>(column)));
      }
      question.filters[column] = IdSet(std::move(ids));
    }
    std::vector<Dimension> dimensions = {Dimension::kPage, Dimension::kClient, Dimension::kAgent, Dimension::kInterval};
    std::shuffle(dimensions.begin(), dimensions.end(), random_);
    question.group_by.assign(dimensions.begin(), dimensions.begin() + Random(0, 2));
    constexpr std::array kMeasures = {Question::Measure::kVisits, Question::Measure::kVisitors,
                                      Question::Measure::kBoth};
    question.measure = kMeasures[static_cast<size_t>(Random(0, 2))];
    return question;
  }
  void ExpectEqualCounts() {
    for (int i = 0; i < 1'500 && !HasFailure(); ++i) {
      const ScanQuestion question = RandomQuestion();
      EXPECT_EQ(Count(question), CountNaively(question)) << "question " << i;
    }
  }

  static constexpr size_t kThreads = 4;  // if there are blocks enough

  const UtcTime start_ = *ParseUtcTime("2026-03-01 12:34:56");
  std::mt19937 random_{20261127};
  FakeSource source_;
  std::vector<VisitRow> tail_;
  std::vector<VisitRow> all_;
  TextIds last_ids_;
};

TEST_F(ColumnScanTest, CountsAsTheRowsDo) {
  MakeVisits(1);
  ExpectEqualCounts();
}

TEST_F(ColumnScanTest, CountsAsTheRowsDoOnSeveralThreads) {
  MakeVisits(1, std::vector<size_t>(30, 50));
  ExpectEqualCounts();
}

TEST_F(ColumnScanTest, ThrowsWhatAThreadThrows) {
  MakeVisits(1, std::vector<size_t>(30, 50));
  source_.damaged = 20;
  EXPECT_THROW(Count({.group_by = {Dimension::kPage}}), StoreError);
}

// Too far for an array by page or client.
TEST_F(ColumnScanTest, CountsAsTheRowsDoIfIdsLieFarApart) {
  MakeVisits(70'000);
  ExpectEqualCounts();
}

TEST_F(ColumnScanTest, CountsATailOfMoreVisitsThanABlockHas) {
  MakeVisits(1);
  int64_t id = all_.back().id;
  for (int i = 0; i < 150'000; ++i) tail_.push_back(RandomVisit(id, 1, 5));
  all_.insert(all_.end(), tail_.end() - 150'000, tail_.end());
  const ScanQuestion question{.group_by = {Dimension::kPage, Dimension::kAgent}};
  EXPECT_EQ(Count(question), CountNaively(question));
}

TEST_F(ColumnScanTest, ReadsNoColumnToCountAllVisits) {
  MakeVisits(1);
  Count({});
  EXPECT_EQ(source_.times_read, 0);
  EXPECT_TRUE(source_.columns_read.empty());
}

TEST_F(ColumnScanTest, ReadsOnlyTheClientsToCountAllVisitors) {
  MakeVisits(1);
  Count({.measure = Question::Measure::kVisitors});
  EXPECT_EQ(source_.times_read, 0);
  EXPECT_EQ(source_.columns_read, (std::map<Dimension, int>{{Dimension::kClient, 5}}));
}

TEST_F(ColumnScanTest, ReadsNoTimesOfABlockWithinAnHour) {
  MakeVisits(1);
  Count({.group_by = {Dimension::kInterval}});
  EXPECT_EQ(source_.times_read, 4) << "one of five blocks has one visit";
  EXPECT_TRUE(source_.columns_read.empty());
}

TEST_F(ColumnScanTest, ReadsTheTimesOfTheBlocksAtTheEndsOfARangeOnly) {
  MakeVisits(1);
  Count({.from = all_[100].id, .before = all_[1'000].id, .group_by = {Dimension::kAgent}});
  EXPECT_EQ(source_.times_read, 2);
  EXPECT_EQ(source_.columns_read, (std::map<Dimension, int>{{Dimension::kAgent, 5}}));
}

TEST_F(ColumnScanTest, ReadsNothingElseOfABlockThatAFilterLeavesEmpty) {
  MakeVisits(1);
  ScanQuestion question{.group_by = {Dimension::kAgent}};
  // The block of one visit has it, the others perhaps.
  question.filters[IndexOf(Dimension::kPage)] = IdSet({all_[300].page(), -1});
  Count(question);
  EXPECT_EQ(source_.columns_read[Dimension::kPage], 5);
  question.filters[IndexOf(Dimension::kPage)] = IdSet({77});
  source_.columns_read.clear();
  Count(question);
  EXPECT_EQ(source_.columns_read, (std::map<Dimension, int>{{Dimension::kPage, 5}}));
}

// Blocks of the same visits again and again, but for their times.
class SameBlocks : public ColumnSource {
 public:
  static constexpr int64_t kBlocks = 80;
  static constexpr size_t kVisits = 65'536;

  explicit SameBlocks(const TextIds& last_ids) {
    std::mt19937 random(20261127);
    std::vector<VisitRow> visits(kVisits);
    for (VisitRow& visit : visits) {
      for (size_t i = 0; i < kColumns; ++i) {
        visit.texts[i] = std::uniform_int_distribution<int64_t>(1, last_ids[i])(random);
      }
      visit.id = (&visit - visits.data()) << 20;
    }
    block_.Add(std::move(visits));
  }
  std::vector<Block> Find(VisitId from, VisitId before) override {
    std::vector<Block> found;
    for (int64_t i = 0; i < kBlocks; ++i) {
      const Block block{0, FirstIdAt(Start(i)), FirstIdAt(Start(i)) + (int64_t{65'535} << 20), kVisits};
      if (block.last >= from && block.first < before) found.push_back(block);
    }
    return found;
  }
  std::vector<VisitId> ReadTimes(const Block& block) override {
    const MutexLock lock(reading_);
    ++times_read;
    std::vector<VisitId> times = block_.ReadTimes(block);
    for (VisitId& time : times) time += block.first;
    return times;
  }
  CodeColumn ReadColumn(const Block& block, Dimension column) override {
    const MutexLock lock(reading_);
    ++columns_read;
    auto& read = columns_[IndexOf(column)];
    if (read.codes.empty()) read = block_.ReadColumn(block, column);
    return read;
  }
  // Half a minute before an hour ends, and half of the block's visits.
  static UtcTime Start(int64_t block) {
    return UtcTime(std::chrono::hours(490'000 + block)) - std::chrono::milliseconds(32'768);
  }

  int times_read = 0;
  int columns_read = 0;

 private:
  Mutex reading_;
  FakeSource block_;
  std::array<CodeColumn, kColumns> columns_;
};

// What takes more memory than a pass may use is compared with one block's figures.
TEST(ColumnScanPassesTest, CountTheSameAsOneBlockOfManyAlike) {
  const TextIds last_ids{20'000, 200'000, 200, 5'000};
  SameBlocks source(last_ids);
  for (const auto& group_by : {std::vector{Dimension::kPage},
                               {Dimension::kPage, Dimension::kAgent},
                               {Dimension::kPage, Dimension::kClient},
                               {Dimension::kClient}}) {
    for (const auto measure : {Question::Measure::kVisits, Question::Measure::kVisitors, Question::Measure::kBoth}) {
      ScanQuestion question{.group_by = group_by, .measure = measure};
      const auto all = ColumnScan(source, 3).Count(question, {}, last_ids);
      question.before = FirstIdAt(SameBlocks::Start(1));
      auto one = ColumnScan(source, 3).Count(question, {}, last_ids);
      if (measure != Question::Measure::kVisitors) {
        for (auto& row : one) row.count *= SameBlocks::kBlocks;
      }
      EXPECT_EQ(all, one);
    }
  }
}

TEST(ColumnScanPassesTest, ReadTheBlocksOfTheirHoursOnly) {
  const TextIds last_ids{20'000, 200'000, 200, 5'000};
  SameBlocks source(last_ids);
  const auto rows = ColumnScan(source, 3).Count({.group_by = {Dimension::kClient, Dimension::kInterval}}, {}, last_ids);
  EXPECT_GT(rows.size(), 1'000'000U);
  EXPECT_LE(source.columns_read, SameBlocks::kBlocks + 2) << "clients once, but for a block that two passes share";
  EXPECT_LE(source.times_read, 2 * SameBlocks::kBlocks + 2);
}

}  // namespace
}  // namespace page_count
