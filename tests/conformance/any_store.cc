#include "tests/conformance/any_store.h"

#include <utility>

#include "tests/conformance/model_store.h"
#include "tests/conformance/naive_answers.h"
#include "worker/store/sqlite/sqlite_visit_store.h"

namespace page_count {
namespace {

OpenStore MakeModel(const TemporaryFolder&, std::function<UtcTime()> now, std::shared_ptr<AttributeSource> attributes) {
  const auto storage = std::make_shared<ModelStorage>();
  storage->now = std::move(now);
  storage->attributes = std::move(attributes);
  return [storage] { return std::make_unique<ModelStore>(storage); };
}

template <Sealing kSealing>
OpenStore MakeSqlite(const TemporaryFolder& folder, std::function<UtcTime()> now,
                     std::shared_ptr<AttributeSource> attributes) {
  const std::string path = folder.File("visits.db");
  return [path, now = std::move(now),
          sessions = std::make_shared<OpenSessions>(path, FileAccess::kService, kSealing, attributes)] {
    return std::make_unique<SqliteVisitStore>(SqliteVisitStore::Options{
        .path = path, .sync_wal = false, .now = now, .sealing = kSealing, .sessions = sessions});
  };
}

// As it is, and with blocks so small that a short history has many.
constexpr Sealing kUsual;
constexpr Sealing kSmallBlocks{.block_visits = 16, .worth_sealing = 5};

}  // namespace

std::vector<Engine> Engines() {
  return {{"Model", MakeModel}, {"Sqlite", MakeSqlite<kUsual>}, {"SqliteInSmallBlocks", MakeSqlite<kSmallBlocks>}};
}

std::string NameOf(const testing::TestParamInfo<Engine>& info) { return info.param.name; }

std::vector<Receipt> AnyStore::Record(VisitWriter& store, const std::vector<Visit>& visits) {
  std::vector<const Visit*> batch;
  for (const Visit& visit : visits) batch.push_back(&visit);
  auto receipts = store.Commit(batch);
  store.MakeDurable();
  return receipts;
}

void AnyStore::Import(StoreAdmin& store, VisitList list) {
  store.Import([&list] { return BatchOf(std::exchange(list, {})); });
}

std::vector<LoggedVisit> AnyStore::ReadAll(VisitReader& store, const ScanRange& range) {
  std::vector<LoggedVisit> all;
  store.Scan(range, [&all](std::span<const LoggedVisit> visits) {
    all.insert(all.end(), visits.begin(), visits.end());
    return true;
  });
  return all;
}

void AnyStore::MaintainAll(StoreAdmin& store) {
  while (store.Maintain(StoreAdmin::Load::kQuiet)) {
  }
}

std::vector<std::string> AnyStore::Ask(VisitReader& store, const Question& question) {
  Answers answers = store.Ask({{question}, {}});
  answers.oldest_and_newest.reset();
  std::vector<std::string> lines = LinesOf(answers);
  for (std::string& line : lines) line.erase(0, std::string("question 1: ").size());
  return lines;
}

int64_t AnyStore::Count(VisitReader& store, const Question& question) {
  return store.Ask({{question}, {}}).figures.at(0).count();
}

}  // namespace page_count
