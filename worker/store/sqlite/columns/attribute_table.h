// The attributes of texts as the file keeps them: for each attribute its values, and the number of one for each id.
//
// Reading inside any transaction, writing inside a write transaction and under the maintenance lock. One a connection;
// throws StoreError.
#ifndef PAGE_COUNT_STORE_SQLITE_COLUMNS_ATTRIBUTE_TABLE_H_
#define PAGE_COUNT_STORE_SQLITE_COLUMNS_ATTRIBUTE_TABLE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "worker/store/sqlite/engine/statement.h"
#include "worker/visits/dimension.h"

namespace page_count {

using AttributeCode = uint32_t;

// The values of one attribute: each has a code, the empty one 0.
class AttributeValues {
 public:
  AttributeCode CodeOf(const std::string& value);
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  std::vector<std::string> texts_ = {std::string()};
  std::unordered_map<std::string, AttributeCode> codes_ = {{std::string(), 0}};
};

class AttributeTable {
 public:
  static constexpr int64_t kChunkIds = 4'096;

  // Up to which id the texts of a column have their codes, and by which version of the lists.
  struct Progress {
    std::string version;
    int64_t last_id = 0;

    // Whether those codes still hold with this version. A client's country is that of the time of its first visit.
    bool HoldsFor(Dimension column, std::string_view now) const {
      return version == now || column == Dimension::kClient;
    }
    friend bool operator==(const Progress&, const Progress&) = default;
  };

  explicit AttributeTable(DatabaseHandle& database);

  Progress ReadProgress(Dimension column);
  AttributeValues ReadValues(Dimension attribute);
  // Of the ids from 0 up to `last_id`; 0 for those that have none. Each is below `codes_end`, or else the file is
  // damaged.
  std::vector<AttributeCode> ReadCodes(Dimension attribute, int64_t last_id, size_t codes_end);
  // Of the ids from the multiple of kChunkIds `first_id` on, as many as are kept, up to kChunkIds.
  std::vector<AttributeCode> ReadChunk(Dimension attribute, int64_t first_id, size_t codes_end);

  void PutProgress(Dimension column, const Progress& progress);
  // The values from `known` on.
  void AddValues(Dimension attribute, const AttributeValues& values, size_t known);
  // Of the ids from the multiple of kChunkIds `first_id` on.
  void PutCodes(Dimension attribute, int64_t first_id, std::span<const AttributeCode> codes);
  // All of a column's attributes: its texts are looked at anew.
  void Clear(Dimension column);

 private:
  static void Unpack(std::string_view blob, size_t codes_end, std::span<AttributeCode> codes);
  [[noreturn]] static void ThrowDamaged();

  Statement read_progress_;
  Statement put_progress_;
  Statement read_values_;
  Statement add_value_;
  Statement delete_values_;
  Statement read_codes_;
  Statement put_codes_;
  Statement delete_codes_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_COLUMNS_ATTRIBUTE_TABLE_H_
