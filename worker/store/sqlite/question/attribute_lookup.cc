#include "worker/store/sqlite/question/attribute_lookup.h"

#include <utility>

namespace page_count {
namespace {

constexpr size_t kMostChunks = 64;         // of an attribute, 16 KiB each
constexpr size_t kMostWorkedOut = 16'384;  // values; about a megabyte

}  // namespace

AttributeLookup::AttributeLookup(Connection& connection, TextReader& texts, AttributeSource* source)
    : texts_(texts), source_(source), table_(connection) {}

void AttributeLookup::StartSnapshot() {
  for (auto& attribute : read_) attribute.reset();
}

void AttributeLookup::EndSnapshot() {
  StartSnapshot();
  if (std::exchange(worked_some_out_, false)) source_->Rest();
}

AttributeLookup::Attribute& AttributeLookup::Open(Dimension attribute) {
  auto& of = read_[IndexOf(attribute)];
  if (of) return *of;
  of.emplace();
  const Dimension column = ColumnOf(attribute);
  if (source_ != nullptr) of->state.version = source_->VersionOf(column);
  if (of->state.version.empty()) return *of;
  const auto progress = table_.ReadProgress(column);
  if (progress.last_id == 0 || !progress.HoldsFor(column, of->state.version)) return *of;
  of->state.last_id = progress.last_id;
  return *of;
}

const std::string& AttributeLookup::ValueOf(Dimension attribute, int64_t id) {
  static const std::string kNone;
  Attribute& of = Open(attribute);
  if (of.state.version.empty()) return kNone;
  if (id <= 0 || id > of.state.last_id) {
    if (of.worked_out.size() >= kMostWorkedOut) of.worked_out.clear();
    const auto [value, is_new] = of.worked_out.try_emplace(id);
    if (is_new) value->second = ValueOfText(attribute, texts_.Read(ColumnOf(attribute), id));
    return value->second;
  }
  if (!of.values) of.values = table_.ReadValues(attribute);
  const int64_t place = id % AttributeTable::kChunkIds;
  const int64_t first_id = id - place;
  auto chunk = of.chunks.find(first_id);
  if (chunk == of.chunks.end()) {
    if (of.chunks.size() >= kMostChunks) of.chunks.clear();
    auto codes = table_.ReadChunk(attribute, first_id, of.values->texts().size());
    chunk = of.chunks.emplace(first_id, std::move(codes)).first;
  }
  const auto& codes = chunk->second;
  return of.values->texts()[static_cast<size_t>(place) < codes.size() ? codes[static_cast<size_t>(place)] : 0];
}

std::vector<std::string> AttributeLookup::ValuesOf(Dimension attribute, std::span<const int64_t> ids) {
  std::vector<std::string> values;
  values.reserve(ids.size());
  for (const int64_t id : ids) values.push_back(ValueOf(attribute, id));
  return values;
}

std::string AttributeLookup::ValueOfText(Dimension attribute, const std::string& text) {
  if (Open(attribute).state.version.empty()) return {};
  worked_some_out_ = true;
  return source_->ValueOf(attribute, text);
}

}  // namespace page_count
