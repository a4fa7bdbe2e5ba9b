// Writes small files in MaxMind's format, MMDB 2.0: a binary tree over the bits of addresses, whose leaves point into a
// section of data, then a map that describes the file.
#ifndef PAGE_COUNT_TESTS_UNIT_MMDB_FILE_H_
#define PAGE_COUNT_TESTS_UNIT_MMDB_FILE_H_

#include <array>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace page_count {

// A value of the data section. Of fewer than 29 bytes or entries, so that its size is in its first byte.
inline std::string MmdbText(std::string_view text) {
  return static_cast<char>(2 << 5 | text.size()) + std::string(text);
}

inline std::string MmdbMap(const std::vector<std::pair<std::string_view, std::string>>& entries) {
  std::string map(1, static_cast<char>(7 << 5 | entries.size()));
  for (const auto& [key, value] : entries) map += MmdbText(key) + value;
  return map;
}

class MmdbFile {
 public:
  // `bits` are of an IPv6 address, or of an IPv4 address in a file of IPv4: "0010" is 2000::/4.
  MmdbFile(int ip_version, std::string type, uint64_t made_s = 1'795'478'400)  // 2026-11-24
      : ip_version_(ip_version), type_(std::move(type)), made_s_(made_s) {}

  void Add(std::string_view bits, const std::string& value) {
    size_t node = 0;
    for (const char bit : bits.substr(0, bits.size() - 1)) {
      const Record next = Side(node, bit);
      if (next.kind == Kind::kNode) {
        node = next.index;
        continue;
      }
      const size_t added = nodes_.size();
      Side(node, bit) = {Kind::kNode, added};
      node = added;
      nodes_.emplace_back();
    }
    Side(node, bits.back()) = {Kind::kData, data_.size()};
    data_ += value;
  }

  void Write(const std::string& path) const {
    std::string text;
    for (const Node& node : nodes_) {
      for (const Record& record : node) text += BigEndian(Value(record), 3);
    }
    text += std::string(16, '\0') + data_ + "\xAB\xCD\xEFMaxMind.com" + Metadata();
    std::ofstream(path, std::ios::binary) << text;
  }

 private:
  enum class Kind { kEmpty, kNode, kData };
  struct Record {
    Kind kind = Kind::kEmpty;
    size_t index = 0;
  };
  using Node = std::array<Record, 2>;

  Record& Side(size_t node, char bit) { return nodes_[node][bit == '1' ? 1 : 0]; }

  static std::string BigEndian(uint64_t number, int bytes) {
    std::string text;
    for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(number >> (8 * i) & 0xFF);
    return text;
  }

  uint64_t Value(const Record& record) const {
    if (record.kind == Kind::kNode) return record.index;
    return record.kind == Kind::kEmpty ? nodes_.size() : nodes_.size() + 16 + record.index;
  }

  std::string Metadata() const {
    const auto number16 = [](uint64_t number) { return static_cast<char>(5 << 5 | 2) + BigEndian(number, 2); };
    const std::string languages = std::string{1, 4} + MmdbText("en");  // an array of one
    return MmdbMap({{"binary_format_major_version", number16(2)},
                    {"binary_format_minor_version", number16(0)},
                    {"build_epoch", std::string{8, 2} + BigEndian(made_s_, 8)},
                    {"database_type", MmdbText(type_)},
                    {"description", MmdbMap({{"en", MmdbText("a test's")}})},
                    {"ip_version", number16(static_cast<uint64_t>(ip_version_))},
                    {"languages", languages},
                    {"node_count", static_cast<char>(6 << 5 | 4) + BigEndian(nodes_.size(), 4)},
                    {"record_size", number16(24)}});
  }

  int ip_version_;
  std::string type_;
  uint64_t made_s_;
  std::vector<Node> nodes_ = std::vector<Node>(1);
  std::string data_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_UNIT_MMDB_FILE_H_
