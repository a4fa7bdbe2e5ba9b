#include "worker/store/sqlite/columns/attribute_job.h"

#include <algorithm>
#include <utility>

#include "worker/store/sqlite/engine/write_transaction.h"
#include "worker/store/sqlite/log/client_address.h"
#include "worker/store/sqlite/log/text_statements.h"

namespace page_count {

AttributeJob::AttributeJob(Connection& connection, const DatabaseLock& writer, AttributeSource* source,
                           std::function<void()> between)
    : connection_(connection),
      writer_(writer),
      source_(source),
      between_(std::move(between)),
      state_(connection),
      table_(connection),
      texts_(ForEachColumn([&](Dimension column) { return Statement(connection, StatementsOf(column).range); })) {}

bool AttributeJob::WorkOutSome() {
  if (source_ == nullptr) return false;
  for (const Dimension column : kAllColumns) {
    if (WorkOutSome(column)) return true;
  }
  source_->Rest();
  return false;
}

void AttributeJob::StartOver(Dimension column) {
  WriteTransaction transaction(connection_, writer_);
  table_.Clear(column);
  transaction.Commit();
}

bool AttributeJob::WorkOutSome(Dimension column) {
  const std::string version = source_->VersionOf(column);
  if (version.empty()) return false;
  auto progress = table_.ReadProgress(column);
  if (progress.last_id > 0 && !progress.HoldsFor(column, version)) {
    StartOver(column);
    progress = {};
  }
  const int64_t last_id = state_.Read().last_ids[IndexOf(column)];
  if (progress.last_id >= last_id) return false;
  const int64_t first_id = (progress.last_id + 1) / AttributeTable::kChunkIds * AttributeTable::kChunkIds;
  WorkOut(column, first_id, std::min(last_id, first_id + AttributeTable::kChunkIds - 1), version);
  between_();
  return true;
}

// Nobody else gives a text codes or takes one away meanwhile, so all is made before the write lock.
void AttributeJob::WorkOut(Dimension column, int64_t first_id, int64_t last_id, const std::string& version) {
  std::vector<std::pair<int64_t, std::string>> texts;
  {
    Rows rows = texts_[IndexOf(column)].Run(first_id, last_id + 1);
    while (rows.Next()) {
      texts.emplace_back(rows.Int(0), column == Dimension::kClient ? UnpackAddress(rows.Bytes(1)) : rows.Bytes(1));
    }
  }
  struct Worked {
    Dimension attribute;
    size_t known;
    AttributeValues values;
    std::vector<AttributeCode> codes;
  };
  std::vector<Worked> worked;
  for (const Dimension attribute : kAllAttributes) {
    if (ColumnOf(attribute) != column) continue;
    AttributeValues values = table_.ReadValues(attribute);
    worked.push_back({attribute, values.texts().size(), std::move(values),
                      std::vector<AttributeCode>(static_cast<size_t>(last_id - first_id) + 1)});
  }
  for (const auto& [id, text] : texts) {
    for (Worked& of : worked) {
      of.codes[static_cast<size_t>(id - first_id)] = of.values.CodeOf(source_->ValueOf(of.attribute, text));
    }
  }
  WriteTransaction transaction(connection_, writer_);
  for (const Worked& of : worked) {
    table_.AddValues(of.attribute, of.values, of.known);
    table_.PutCodes(of.attribute, first_id, of.codes);
  }
  table_.PutProgress(column, {version, last_id});
  transaction.Commit();
}

}  // namespace page_count
