// What an import leaves that is killed at any of its commits: a file that is whole, and to go on with.
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <random>
#include <set>

#include "tests/unit/killed_tools.h"

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

// Chunks that lie among the recorded visits, and share times with each other and with those.
class KilledImportTest : public KilledToolsTest {
 protected:
  std::vector<LoggedVisit> Chunk(int number) const {
    std::vector<LoggedVisit> visits;
    for (int i = 0; i < kChunkVisits; ++i) {
      const std::string text = std::to_string(number) + "-" + std::to_string(i);
      visits.push_back({"http://imported/" + text, "2001:db8:1::" + std::to_string(number) + ":" + std::to_string(i),
                        "imported", now_ - minutes(90 - 20 * number) + milliseconds(i / 2 * 1'500),
                        "https://from/" + text});
    }
    return visits;
  }
  void ImportChunks(SqliteVisitStore& store, int first, const std::function<void(int chunk)>& read) const {
    store.Import([&, chunk = first]() mutable {
      read(chunk);
      return chunk < kChunks ? BatchOf({Chunk(chunk++)}) : VisitBatch();
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
  // What was recorded before the import, and the first `acknowledged` of what was recorded meanwhile.
  void ExpectNoneLost(const std::vector<LoggedVisit>& there, int acknowledged) const {
    EXPECT_EQ(Without(recorded_, LinesOf(there)), std::vector<std::string>()) << "a visit is lost";
    for (int visit = 0; visit < acknowledged; ++visit) {
      EXPECT_EQ(CountOf(there, "http://meanwhile/" + std::to_string(visit)), 1) << visit;
    }
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
    ExpectNoneLost(there, *acknowledged);
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

// The same visits in no order: they are sorted before most of them are added.
class KilledUnorderedImportTest : public KilledImportTest {
 protected:
  KilledUnorderedImportTest() {
    sealing_.block_visits = kBlockVisits;
    for (int chunk = 0; chunk < kChunks; ++chunk) {
      for (const LoggedVisit& visit : Chunk(chunk)) file_.push_back(visit);
    }
    std::shuffle(file_.begin(), file_.end(), std::mt19937(7));
  }
  void ImportFile(SqliteVisitStore& store, const std::function<void()>& read) const {
    store.Import([&, next = size_t{0}]() mutable {
      read();
      VisitList list;
      while (next < file_.size() && list.visits.size() < kPiece) list.visits.push_back(file_[next++]);
      return BatchOf(list);
    });
  }
  void ImportAndRecord(std::atomic<int>& acknowledged) {
    auto store = OpenStore();
    auto worker = OpenStore();
    ImportFile(store, [&] {
      Record(worker, {MakeVisit("http://meanwhile/" + std::to_string(acknowledged.load()))});
      ++acknowledged;
    });
  }
  // Of the file.
  std::vector<LoggedVisit> ImportedOf(std::vector<LoggedVisit> visits) const {
    std::erase_if(visits, [](const LoggedVisit& visit) { return !visit.url.starts_with("http://imported/"); });
    return visits;
  }
  // What the dead left beside the file and its log.
  std::vector<std::string> FilesBeside() const {
    std::vector<std::string> names;
    for (const auto& file : fs::directory_iterator(fs::path(database_).parent_path())) {
      const std::string name = file.path().filename().string();
      if (!name.starts_with("copy-") && !name.starts_with(fs::path(original_).filename().string()))
        names.push_back(name);
    }
    return names;
  }

  static constexpr size_t kBlockVisits = 500;
  static constexpr size_t kPiece = 700;
  std::vector<LoggedVisit> file_;
};

TEST_F(KilledUnorderedImportTest, LeavesEachVisitOnceOrNotAtAllAndLosesNone) {
  std::set<size_t> imported_when_killed;
  for (int commit = 1; !HasFailure(); ++commit) {
    SCOPED_TRACE(commit);
    UseCopy(commit);
    SharedNumber acknowledged;
    const bool is_killed = CutOff::At(commit, [&] { ImportAndRecord(*acknowledged); });
    auto store = OpenStore();
    ExpectWhole(store);
    EXPECT_EQ(FilesBeside(), std::vector<std::string>());
    const auto there = ReadAll(store);
    ExpectNoneLost(there, *acknowledged);
    const auto imported = ImportedOf(there);
    EXPECT_EQ(Without(LinesOf(imported), LinesOf(file_)), std::vector<std::string>()) << "one is there twice";
    if (!is_killed) {
      EXPECT_EQ(imported.size(), file_.size());
      break;
    }
    imported_when_killed.insert(imported.size());
  }
  EXPECT_TRUE(imported_when_killed.contains(0));
  EXPECT_TRUE(imported_when_killed.contains(file_.size()));
  EXPECT_GT(imported_when_killed.size(), 4U) << "none was killed between two pieces of the sorted visits";
}

}  // namespace
}  // namespace page_count
