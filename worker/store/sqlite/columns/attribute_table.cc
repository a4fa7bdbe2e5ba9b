#include "worker/store/sqlite/columns/attribute_table.h"

#include <algorithm>

#include "worker/store/store_error.h"

namespace page_count {
namespace {

constexpr int kAttributeBits = 40;  // of a row's id, after its attribute's number

int64_t NumberOf(Dimension dimension) { return static_cast<int64_t>(IndexOf(dimension)); }
int64_t FirstRowOf(Dimension attribute) { return NumberOf(attribute) << kAttributeBits; }
int64_t AfterRowsOf(Dimension attribute) { return (NumberOf(attribute) + 1) << kAttributeBits; }

constexpr size_t kCodeBytes = sizeof(AttributeCode);

void AppendCode(std::string& blob, AttributeCode code) {
  for (size_t byte = 0; byte < kCodeBytes; ++byte) blob += static_cast<char>(code >> (8 * byte));
}

AttributeCode CodeAt(std::string_view blob, size_t place) {
  AttributeCode code = 0;
  for (size_t byte = 0; byte < kCodeBytes; ++byte) {
    code |= AttributeCode{static_cast<unsigned char>(blob[place * kCodeBytes + byte])} << (8 * byte);
  }
  return code;
}

}  // namespace

AttributeCode AttributeValues::CodeOf(const std::string& value) {
  const auto [code, is_new] = codes_.try_emplace(value, static_cast<AttributeCode>(texts_.size()));
  if (is_new) texts_.push_back(value);
  return code->second;
}

AttributeTable::AttributeTable(DatabaseHandle& database)
    : read_progress_(database, "attribute_progress_read(column_number) -> version, last_id"),
      put_progress_(database, "attribute_progress_put(column_number, version, last_id)"),
      read_values_(database, "attribute_values(attribute) -> code, value"),
      add_value_(database, "attribute_value_add(attribute, code, value)"),
      delete_values_(database, "attribute_value_delete(attribute)"),
      read_codes_(database, "attribute_codes_read(from_id, before_id) -> id, codes"),
      put_codes_(database, "attribute_codes_put(id, codes)"),
      delete_codes_(database, "attribute_codes_delete(from_id, before_id)") {}

AttributeTable::Progress AttributeTable::ReadProgress(Dimension column) {
  Rows rows = read_progress_.Run(NumberOf(column));
  if (!rows.Next()) return {};
  return {std::string(rows.Bytes(0)), rows.Int(1)};
}

AttributeValues AttributeTable::ReadValues(Dimension attribute) {
  AttributeValues values;
  Rows rows = read_values_.Run(NumberOf(attribute));
  while (rows.Next()) {
    if (values.CodeOf(std::string(rows.Bytes(1))) != rows.Int(0)) ThrowDamaged();
  }
  return values;
}

std::vector<AttributeCode> AttributeTable::ReadCodes(Dimension attribute, int64_t last_id, size_t codes_end) {
  std::vector<AttributeCode> codes(static_cast<size_t>(last_id) + 1);
  Rows rows = read_codes_.Run(FirstRowOf(attribute), AfterRowsOf(attribute));
  while (rows.Next()) {
    const auto first = static_cast<size_t>((rows.Int(0) - FirstRowOf(attribute)) * kChunkIds);
    const std::string_view blob = rows.Bytes(1);
    if (first >= codes.size()) break;
    const size_t count = std::min(blob.size() / kCodeBytes, codes.size() - first);
    Unpack(blob, codes_end, std::span(codes).subspan(first, count));
  }
  return codes;
}

std::vector<AttributeCode> AttributeTable::ReadChunk(Dimension attribute, int64_t first_id, size_t codes_end) {
  const int64_t row = FirstRowOf(attribute) + first_id / kChunkIds;
  Rows rows = read_codes_.Run(row, row + 1);
  if (!rows.Next()) return {};
  const std::string_view blob = rows.Bytes(1);
  std::vector<AttributeCode> codes(blob.size() / kCodeBytes);
  Unpack(blob, codes_end, codes);
  return codes;
}

void AttributeTable::Unpack(std::string_view blob, size_t codes_end, std::span<AttributeCode> codes) {
  for (size_t i = 0; i < codes.size(); ++i) {
    codes[i] = CodeAt(blob, i);
    if (codes[i] >= codes_end) ThrowDamaged();
  }
}

void AttributeTable::ThrowDamaged() {
  throw StoreError(
      "attributes of pages, clients, user agents or sources are damaged; page-count check --repair works "
      "them out again");
}

void AttributeTable::PutProgress(Dimension column, const Progress& progress) {
  put_progress_.Execute(NumberOf(column), std::string_view(progress.version), progress.last_id);
}

void AttributeTable::AddValues(Dimension attribute, const AttributeValues& values, size_t known) {
  for (size_t code = known; code < values.texts().size(); ++code) {
    add_value_.Execute(NumberOf(attribute), static_cast<int64_t>(code), std::string_view(values.texts()[code]));
  }
}

void AttributeTable::PutCodes(Dimension attribute, int64_t first_id, std::span<const AttributeCode> codes) {
  std::string blob;
  blob.reserve(codes.size_bytes());
  for (const AttributeCode code : codes) AppendCode(blob, code);
  put_codes_.Execute(FirstRowOf(attribute) + first_id / kChunkIds, std::string_view(blob));
}

void AttributeTable::Clear(Dimension column) {
  for (const Dimension attribute : kAllAttributes) {
    if (ColumnOf(attribute) != column) continue;
    delete_values_.Execute(NumberOf(attribute));
    delete_codes_.Execute(FirstRowOf(attribute), AfterRowsOf(attribute));
  }
  PutProgress(column, {});
}

}  // namespace page_count
