// What a cleanup and a rewriting of pages leave that are killed at any of their commits: a file that is whole, and to
// go on with.
#include "tests/unit/killed_tools.h"

#include <set>

namespace page_count {
namespace {

using std::chrono::minutes;

class KilledCleanupTest : public KilledToolsTest {
 protected:
  // The visits of one side of a time.
  template <typename IsKept>
  std::vector<std::string> RecordedThatAre(IsKept is_kept) {
    auto store = OpenStore();
    auto visits = ReadAll(store);
    std::erase_if(visits, [&](const LoggedVisit& visit) { return !is_kept(visit.at); });
    return LinesOf(visits);
  }
  // No text is left that only visits had which are gone.
  void ExpectTextsOf(size_t visits) {
    Connection connection(database_);
    for (const char* table : {"page", "client", "source"}) {
      EXPECT_EQ(connection.ReadInt((std::string("select count(*) from ") + table).c_str()),
                static_cast<int64_t>(visits))
          << table;
    }
  }
  template <typename Prune>
  void KillAtEachCommit(const std::vector<std::string>& kept, Prune prune);
};

// `prune` deletes all visits but those that are `kept`; each has texts of its own.
template <typename Prune>
void KilledCleanupTest::KillAtEachCommit(const std::vector<std::string>& kept, Prune prune) {
  const auto doomed = static_cast<int64_t>(recorded_.size() - kept.size());
  std::set<int64_t> left_when_killed;
  int with_unused_texts = 0;
  for (int commit = 1; !HasFailure(); ++commit) {
    SCOPED_TRACE(commit);
    UseCopy(commit);
    const bool is_killed = CutOff::At(commit, [&] {
      auto store = OpenStore();
      prune(store);
    });
    auto store = OpenStore();
    ExpectWhole(store);
    const auto there = LinesOf(ReadAll(store));
    EXPECT_EQ(Without(kept, there), std::vector<std::string>()) << "a visit is gone that was to stay";
    EXPECT_EQ(Without(there, recorded_), std::vector<std::string>());
    const auto left = static_cast<int64_t>(there.size() - kept.size());
    if (is_killed) {
      left_when_killed.insert(left);
      with_unused_texts += left == 0 ? 1 : 0;
    }
    EXPECT_EQ(prune(store), left) << "the same cleanup again";
    EXPECT_EQ(LinesOf(ReadAll(store)), kept);
    ExpectWhole(store);
    ExpectTextsOf(kept.size());
    if (!is_killed) break;
  }
  EXPECT_TRUE(left_when_killed.contains(doomed)) << "none was killed before it deleted a visit";
  EXPECT_GT(left_when_killed.size(), 3U) << "nor between blocks";
  EXPECT_GT(with_unused_texts, 3) << "nor between texts";
}

TEST_F(KilledCleanupTest, ACleanupOfOldVisitsGoesOnWhereverItWasKilled) {
  const UtcTime cutoff = now_ - minutes(25);
  const auto kept = RecordedThatAre([cutoff](UtcTime at) { return at >= cutoff; });
  ASSERT_EQ(kept.size(), size_t{2} * kBatchVisits);
  KillAtEachCommit(kept, [cutoff](StoreAdmin& store) { return store.PruneBefore(cutoff); });
}

TEST_F(KilledCleanupTest, ACleanupOfNewVisitsGoesOnWhereverItWasKilled) {
  const UtcTime from = now_ - minutes(65);
  const auto kept = RecordedThatAre([from](UtcTime at) { return at < from; });
  ASSERT_EQ(kept.size(), size_t{2} * kBatchVisits);
  KillAtEachCommit(kept, [from](StoreAdmin& store) { return store.PruneFrom(from); });
}

TEST_F(KilledToolsTest, RewritingPagesGoesOnWhereverItWasKilled) {
  const PageOf page_of = [](const std::string& url) { return RewrittenPage{url.substr(0, url.find('-')) + "-all"}; };
  const auto rewrite = [&](StoreAdmin& store) { return store.RewritePages(page_of, StoreAdmin::Rewriting::kApply); };
  const auto rewritten = [&](std::vector<LoggedVisit> visits) {
    for (LoggedVisit& visit : visits) visit.url = page_of(visit.url).url;
    return LinesOf(visits);
  };
  UseCopy(0);
  std::vector<std::string> expected;
  {
    auto store = OpenStore();
    expected = rewritten(ReadAll(store));
  }
  std::set<int64_t> moved_when_killed;
  for (int commit = 1; !HasFailure(); ++commit) {
    SCOPED_TRACE(commit);
    UseCopy(commit);
    const bool is_killed = CutOff::At(commit, [&] {
      auto store = OpenStore();
      rewrite(store);
    });
    auto store = OpenStore();
    ExpectWhole(store);
    EXPECT_EQ(Difference(rewritten(ReadAll(store)), expected), "") << "a visit is lost, or is another one";
    const int64_t moved = rewrite(store).moved_visits;
    if (is_killed) moved_when_killed.insert(moved);
    ExpectWhole(store);
    EXPECT_EQ(Difference(LinesOf(ReadAll(store)), expected), "");
    EXPECT_EQ(Connection(database_).ReadInt("select count(*) from page"), kBatches);
    if (!is_killed) break;
  }
  EXPECT_TRUE(moved_when_killed.contains(kBatches * kBatchVisits)) << "none was killed before it moved a visit";
  EXPECT_TRUE(moved_when_killed.contains(0)) << "nor after the last one";
  EXPECT_GT(moved_when_killed.size(), 3U) << "nor between blocks";
}

}  // namespace
}  // namespace page_count
