#include "worker/store/sqlite/columns/column_blob.h"

#define XXH_INLINE_ALL  // no library to link
#include <xxhash.h>

#include <bit>
#include <cstring>

namespace page_count {
namespace {

constexpr uint8_t kFormatVersion = 1;

// As it is in the blob.
struct Header {
  uint8_t version;
  uint8_t column;
  uint8_t code_bytes;
  uint8_t zero;
  uint32_t visits;
  uint32_t distinct_ids;
  uint32_t number_bytes;
  uint64_t checksum;
};
constexpr size_t kChecksumOffset = offsetof(Header, checksum);
static_assert(sizeof(Header) == 24 && kChecksumOffset == 16);
static_assert(std::endian::native == std::endian::little, "blobs are little endian, whatever the machine is");

// The bytes have a header.
uint64_t ChecksumOf(std::string_view blob) {
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  XXH3_64bits_update(&state, blob.data(), kChecksumOffset);
  XXH3_64bits_update(&state, blob.data() + sizeof(Header), blob.size() - sizeof(Header));
  return XXH3_64bits_digest(&state);
}

bool CountsFit(BlockColumn column, const Header& header) {
  if (header.visits == 0 || header.visits > kMaxBlockVisits) return false;
  if (column == BlockColumn::kTime) return header.distinct_ids == 0 && header.number_bytes >= header.visits;
  return header.distinct_ids >= 1 && header.distinct_ids <= header.visits && header.number_bytes >= header.distinct_ids;
}

}  // namespace

void WriteChecksum(std::string& blob) {
  if (blob.size() < sizeof(Header)) return;
  const uint64_t checksum = ChecksumOf(blob);
  std::memcpy(blob.data() + kChecksumOffset, &checksum, sizeof(checksum));
}

std::string PackColumn(BlockColumn column, const ColumnParts& parts) {
  const Header header = {.version = kFormatVersion,
                         .column = static_cast<uint8_t>(column),
                         .code_bytes = static_cast<uint8_t>(CodeBytes(parts.distinct_ids)),
                         .zero = 0,
                         .visits = parts.visits,
                         .distinct_ids = parts.distinct_ids,
                         .number_bytes = static_cast<uint32_t>(parts.numbers.size()),
                         .checksum = 0};
  std::string blob;
  blob.reserve(sizeof(header) + parts.numbers.size() + parts.codes.size());
  blob.append(reinterpret_cast<const char*>(&header), sizeof(header));
  blob.append(parts.numbers);
  blob.append(parts.codes);
  WriteChecksum(blob);
  return blob;
}

std::optional<ColumnParts> UnpackColumn(BlockColumn column, std::string_view blob) {
  Header header;
  if (blob.size() < sizeof(header)) return std::nullopt;
  std::memcpy(&header, blob.data(), sizeof(header));
  if (header.checksum != ChecksumOf(blob)) return std::nullopt;
  if (header.version != kFormatVersion || header.column != static_cast<uint8_t>(column) || header.zero != 0 ||
      !CountsFit(column, header) || header.code_bytes != CodeBytes(header.distinct_ids)) {
    return std::nullopt;
  }
  blob.remove_prefix(sizeof(header));
  const size_t code_bytes = size_t{header.code_bytes} * header.visits;
  if (blob.size() != header.number_bytes + code_bytes) return std::nullopt;
  return ColumnParts{.visits = header.visits,
                     .distinct_ids = header.distinct_ids,
                     .numbers = blob.substr(0, header.number_bytes),
                     .codes = blob.substr(header.number_bytes)};
}

}  // namespace page_count
