// The model of a store: a list of visits in memory, and nothing that is derived from it. What a store promises, in the
// fewest words.
//
// A ModelStorage is what the instances share; each instance is one thread's.
#ifndef PAGE_COUNT_TESTS_CONFORMANCE_MODEL_STORE_H_
#define PAGE_COUNT_TESTS_CONFORMANCE_MODEL_STORE_H_

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "tests/conformance/visit_list.h"
#include "worker/attributes/attribute_source.h"
#include "worker/store/visit_store.h"

namespace page_count {

// All visits, oldest first.
class ModelLog {
 public:
  // A visit that is recorded, with the time that a store gave it.
  void Append(const Visit& visit, UtcTime at) {
    Insert(visits_.end(), {visit.url.text(), visit.ip, visit.user_agent, at, visit.source});
  }
  // Visits of one time keep the list's order among themselves: those of a list that has the oldest first come after
  // those that are there, the others before them.
  void Import(const VisitList& list);
  int64_t Prune(const TimeRange& range);
  void RewritePages(const PageOf& page_of);
  std::span<const LoggedVisit> visits() const { return visits_; }
  // Without `attributes` all of those are empty.
  std::vector<LoggedVisit> Scan(const ScanRange& range, AttributeSource* attributes = nullptr) const;

 private:
  // With an id between those of its neighbours.
  void Insert(std::vector<LoggedVisit>::const_iterator place, LoggedVisit visit);

  std::vector<LoggedVisit> visits_;
};

struct ModelStorage {
  std::function<UtcTime()> now;
  std::shared_ptr<AttributeSource> attributes;
  std::mutex mutex = {};
  ModelLog log = {};
  UtcTime newest = {};  // ever given out
  int64_t recorded = 0;
  std::map<std::string, UtcTime> request_ids = {};
  std::map<std::string, std::string> titles = {};    // by page
  std::vector<std::vector<LoggedVisit>> scans = {};  // under way: each has its visits from its beginning on
};

class ModelStore final : public VisitStore {
 public:
  explicit ModelStore(std::shared_ptr<ModelStorage> storage) : storage_(std::move(storage)) {}

  std::optional<std::vector<Receipt>> TryCommit(std::span<const Visit* const> batch) override { return Commit(batch); }
  std::vector<Receipt> Commit(std::span<const Visit* const> batch) override;
  void MakeDurable() override {}
  bool MaintenanceDue() override { return false; }
  void ProbeWriting(int64_t) override {}

  Answers Ask(const Inquiry& inquiry) override;
  std::vector<LoggedVisit> ReadNext(ScanCursor& cursor) override;
  int64_t FindEnd(const ScanRange& range) override;
  int64_t ProbeReading() override;

  bool Maintain(Load) override { return false; }
  bool Watch() override { return false; }
  int64_t PruneBefore(UtcTime cutoff) override;
  int64_t PruneFrom(UtcTime from) override;
  void Import(const Read& read) override;
  void StartAttributesOver(Dimension) override {}
  std::vector<Receipt> RecordPast(std::span<const PastVisit> visits) override;
  PageRewrite RewritePages(const PageOf& page_of, Rewriting how) override;
  std::vector<std::string> Check() override { return {}; }
  void Repair() override {}
  int64_t Backup(const std::string&) override { return Count(); }
  int64_t Count() override;

 private:
  int64_t Prune(const TimeRange& range);

  std::shared_ptr<ModelStorage> storage_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_CONFORMANCE_MODEL_STORE_H_
