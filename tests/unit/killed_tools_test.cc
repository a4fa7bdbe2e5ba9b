// What an import, a cleanup and a rewriting of pages leave that are killed at any of their commits: a file that is
// whole, and to go on with.
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <iterator>
#include <set>

#include "tests/conformance/naive_answers.h"
#include "tests/unit/cut_off.h"
#include "tests/unit/store_fixture.h"

namespace page_count {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::minutes;

// A number that a process which is killed leaves to this one.
class SharedNumber {
 public:
  SharedNumber() {
    void* memory = mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::runtime_error("mmap");
    number_ = new (memory) std::atomic<int>(0);
  }
  ~SharedNumber() { munmap(number_, sizeof(std::atomic<int>)); }
  SharedNumber(const SharedNumber&) = delete;
  SharedNumber& operator=(const SharedNumber&) = delete;

  std::atomic<int>& operator*() { return *number_; }

 private:
  std::atomic<int>* number_;
};

class KilledToolsTest : public StoreTest {
 protected:
  // More texts than a transaction adds or deletes, in some blocks, whose clients are counted, and in the tail.
  void SetUp() override {
    auto store = OpenStore();
    for (int batch = 0; batch < kBatches; ++batch) {
      std::vector<Visit> visits;
      for (int i = 0; i < kBatchVisits; ++i) {
        const std::string number = std::to_string(batch) + "-" + std::to_string(i);
        const std::string address = "2001:db8::" + std::to_string(batch + 1) + ":" + std::to_string(i);
        visits.push_back(MakeVisit("http://h/" + number, address, "agent " + std::to_string(batch)));
        visits.back().source = "https://source" + number + ".example/";
      }
      Record(store, visits);
      now_ += minutes(10);
      while (batch < kBatches - 2 && store.Maintain(StoreAdmin::Load::kQuiet)) {
      }
    }
    recorded_ = LinesOf(ReadAll(store));
  }

  // From now on another file, as SetUp has left it.
  void UseCopy(int number) {
    const std::string copy = folder_.File("copy-" + std::to_string(number) + ".db");
    for (const char* ending : {"", "-wal"}) {
      if (fs::exists(original_ + ending)) fs::copy_file(original_ + ending, copy + ending);
    }
    database_ = copy;
  }

  static void ExpectWhole(SqliteVisitStore& store) {
    EXPECT_EQ(store.Check(), std::vector<std::string>());
    auto visits = ReadAll(store);
    std::reverse(visits.begin(), visits.end());
    const Inquiry inquiry{{{},
                           {.measure = Question::Measure::kVisitors},
                           {.group_by = {Dimension::kPage}, .measure = Question::Measure::kVisitors},
                           {.group_by = {Dimension::kAgent}}},
                          {}};
    EXPECT_EQ(Difference(LinesOf(store.Ask(inquiry)), LinesOf(AnswerNaively(visits, inquiry))), "");
  }
  static std::vector<std::string> Without(std::vector<std::string> lines, std::vector<std::string> others) {
    std::sort(lines.begin(), lines.end());
    std::sort(others.begin(), others.end());
    std::vector<std::string> rest;
    std::set_difference(lines.begin(), lines.end(), others.begin(), others.end(), std::back_inserter(rest));
    return rest;
  }
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

  static constexpr int kBatches = 8;
  static constexpr int kBatchVisits = 450;

  const std::string original_ = database_;
  std::vector<std::string> recorded_;
};

// `prune` deletes all visits but those that are `kept`; each has texts of its own.
template <typename Prune>
void KilledToolsTest::KillAtEachCommit(const std::vector<std::string>& kept, Prune prune) {
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

TEST_F(KilledToolsTest, ACleanupOfOldVisitsGoesOnWhereverItWasKilled) {
  const UtcTime cutoff = now_ - minutes(25);
  const auto kept = RecordedThatAre([cutoff](UtcTime at) { return at >= cutoff; });
  ASSERT_EQ(kept.size(), size_t{2} * kBatchVisits);
  KillAtEachCommit(kept, [cutoff](StoreAdmin& store) { return store.PruneBefore(cutoff); });
}

TEST_F(KilledToolsTest, ACleanupOfNewVisitsGoesOnWhereverItWasKilled) {
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

// Chunks that lie among the recorded visits, and share times with each other and with those.
class KilledImportTest : public KilledToolsTest {
 protected:
  std::vector<LoggedVisit> Chunk(int number) const {
    std::vector<LoggedVisit> visits;
    for (int i = 0; i < kChunkVisits; ++i) {
      const std::string text = std::to_string(number) + "-" + std::to_string(i);
      visits.push_back({"http://imported/" + text, "2001:db8:1::" + std::to_string(number) + ":" + std::to_string(i),
                        "imported", now_ - minutes(90 - 20 * number) + milliseconds(i / 2 * 1'500)});
    }
    return visits;
  }
  void ImportChunks(SqliteVisitStore& store, int first, const std::function<void(int chunk)>& read) const {
    store.Import([&, chunk = first]() mutable {
      read(chunk);
      return chunk < kChunks ? VisitList{Chunk(chunk++)} : VisitList{};
    });
  }
  // While each chunk is read another worker records a visit; `acknowledged` counts those that are durable.
  void ImportAndRecord(std::atomic<int>& acknowledged) {
    auto store = OpenStore();
    auto worker = OpenStore();
    ImportChunks(store, 0, [&](int chunk) {
      Record(worker, {MakeVisit("http://meanwhile/" + std::to_string(chunk))});
      ++acknowledged;
    });
  }
  // Of each page that begins so.
  static int64_t CountOf(const std::vector<LoggedVisit>& visits, const std::string& prefix) {
    return std::count_if(visits.begin(), visits.end(),
                         [&](const LoggedVisit& visit) { return visit.url.rfind(prefix, 0) == 0; });
  }
  // Those that are imported, whole, come before those that are not. Returns how many they are.
  static int CountChunks(const std::vector<LoggedVisit>& visits) {
    int whole = 0;
    for (int chunk = 0; chunk < kChunks; ++chunk) {
      const int64_t there = CountOf(visits, "http://imported/" + std::to_string(chunk) + "-");
      EXPECT_EQ(there, whole == chunk && there > 0 ? kChunkVisits : 0) << "chunk " << chunk;
      whole += there > 0 ? 1 : 0;
    }
    return whole;
  }

  static constexpr int kChunks = 3;
  static constexpr int kChunkVisits = 1'200;
};

TEST_F(KilledImportTest, LeavesWholeChunksAndLosesNoVisit) {
  std::set<int> chunks_when_killed;
  for (int commit = 1; !HasFailure(); ++commit) {
    SCOPED_TRACE(commit);
    UseCopy(commit);
    SharedNumber acknowledged;
    const bool is_killed = CutOff::At(commit, [&] { ImportAndRecord(*acknowledged); });
    auto store = OpenStore();
    ExpectWhole(store);
    const auto there = ReadAll(store);
    EXPECT_EQ(Without(recorded_, LinesOf(there)), std::vector<std::string>()) << "a visit is lost";
    for (int visit = 0; visit < *acknowledged; ++visit) {
      EXPECT_EQ(CountOf(there, "http://meanwhile/" + std::to_string(visit)), 1) << visit;
    }
    const int chunks = CountChunks(there);
    if (!is_killed) {
      EXPECT_EQ(chunks, kChunks);
      break;
    }
    chunks_when_killed.insert(chunks);
    ImportChunks(store, chunks, [](int) {});
    EXPECT_EQ(CountChunks(ReadAll(store)), kChunks);
    ExpectWhole(store);
  }
  EXPECT_EQ(chunks_when_killed, (std::set{0, 1, 2, 3}));
}

}  // namespace
}  // namespace page_count
