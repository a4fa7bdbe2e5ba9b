#include "worker/store/sqlite/question/attribute_reader.h"

#include <algorithm>
#include <utility>

namespace page_count {

AttributeReader::AttributeReader(Connection& connection, TextReader& texts, AttributeSource* source)
    : texts_(texts), source_(source), table_(connection) {}

void AttributeReader::StartSnapshot(const TextIds& last_ids, size_t new_clients) {
  EndSnapshot();
  last_ids_ = last_ids;
  new_clients_ = new_clients;
}

void AttributeReader::EndSnapshot() {
  for (auto& codes : read_) codes.reset();
  if (std::exchange(worked_some_out_, false)) source_->Rest();
}

const AttributeCodes& AttributeReader::Read(Dimension attribute) {
  auto& codes = read_[IndexOf(attribute)];
  if (!codes) codes = ReadAll(attribute);
  return *codes;
}

std::unique_ptr<AttributeCodes> AttributeReader::ReadAll(Dimension attribute) {
  auto codes = std::make_unique<AttributeCodes>();
  const Dimension column = ColumnOf(attribute);
  const int64_t last_id = last_ids_[IndexOf(column)];
  codes->of_new.resize(column == Dimension::kClient ? new_clients_ : 0);
  const std::string version = source_ == nullptr ? std::string() : source_->VersionOf(column);
  if (version.empty()) {
    codes->by_id.resize(static_cast<size_t>(last_id) + 1);
    codes->values.resize(1);
    return codes;
  }
  auto progress = table_.ReadProgress(column);
  if (!progress.HoldsFor(column, version)) progress = {};
  AttributeValues values = progress.last_id > 0 ? table_.ReadValues(attribute) : AttributeValues();
  codes->by_id = progress.last_id > 0 ? table_.ReadCodes(attribute, last_id, values.texts().size())
                                      : std::vector<AttributeCode>(static_cast<size_t>(last_id) + 1);
  const auto code_of = [&](int64_t id) {
    worked_some_out_ = true;
    return values.CodeOf(source_->ValueOf(attribute, texts_.Read(column, id)));
  };
  if (column == Dimension::kSource) codes->by_id[0] = code_of(0);
  for (int64_t id = progress.last_id + 1; id <= last_id; ++id) codes->by_id[static_cast<size_t>(id)] = code_of(id);
  for (size_t i = 0; i < codes->of_new.size(); ++i) codes->of_new[i] = code_of(-static_cast<int64_t>(i) - 1);
  codes->values = values.texts();
  return codes;
}

}  // namespace page_count
