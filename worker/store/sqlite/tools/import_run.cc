#include "worker/store/sqlite/tools/import_run.h"

#include <filesystem>
#include <future>
#include <utility>

#include "worker/store/store_error.h"

namespace page_count {
namespace {

constexpr size_t kRewrittenForOneAdded = 2;

}  // namespace

ImportRun::ImportRun(Importer& adding, Importer& resolving, Checkpointer& checkpointer, std::string path,
                     size_t at_once)
    : adding_(adding),
      resolving_(resolving),
      checkpointer_(checkpointer),
      path_(std::move(path)),
      at_once_(at_once),
      aside_(std::filesystem::absolute(path_).parent_path().string()) {}

void ImportRun::AddAll(const Read& read) {
  resolving_.StartChunks();
  const auto resolve = [&] { return resolving_.Resolve(read()); };
  for (auto chunk = resolve(); !chunk.rows.empty();) {
    RequireFilesInPlace();
    const bool is_in_order = IsInOrder(chunk);
    if (is_in_order) adding_.SealUpTo(chunk);
    auto next = std::async(std::launch::async, resolve);
    if (is_in_order) {
      adding_.Add(std::move(chunk));
      checkpointer_.RunIfDue();
    } else {
      PutAside(chunk);
    }
    chunk = next.get();
  }
  AddSorted();
}

void ImportRun::AddSorted() {
  const auto order = newest_first_ > oldest_first_ ? VisitOrder::kNewestFirst : VisitOrder::kOldestFirst;
  for (auto rows = aside_.Take(at_once_); !rows.empty(); rows = aside_.Take(at_once_)) {
    RequireFilesInPlace();
    Importer::Chunk chunk{std::move(rows), order};
    adding_.SealUpTo(chunk);
    adding_.Add(std::move(chunk));
    checkpointer_.RunIfDue();
  }
}

// Nothing follows what was put aside: visits of one time keep the order of the file.
bool ImportRun::IsInOrder(const Importer::Chunk& chunk) {
  if (!aside_.is_empty()) return false;
  added_ += chunk.rows.size();
  rewritten_ += adding_.CountOverlapped(chunk);
  return rewritten_ <= kRewrittenForOneAdded * added_;
}

void ImportRun::PutAside(const Importer::Chunk& chunk) {
  (chunk.order == VisitOrder::kOldestFirst ? oldest_first_ : newest_first_) += chunk.rows.size();
  aside_.Add(chunk.rows);
}

void ImportRun::RequireFilesInPlace() const {
  if (adding_.FilesAreInPlace() && resolving_.FilesAreInPlace()) return;
  throw StoreError("database " + path_ + ": was replaced while visits were imported");
}

}  // namespace page_count
