// Attributes that a test can foretell: a part of the text, and which version of the lists it is of.
//
// Any thread.
#ifndef PAGE_COUNT_TESTS_CONFORMANCE_SIMPLE_ATTRIBUTES_H_
#define PAGE_COUNT_TESTS_CONFORMANCE_SIMPLE_ATTRIBUTES_H_

#include <atomic>
#include <string>
#include <string_view>

#include "worker/attributes/attribute_source.h"

namespace page_count {

class SimpleAttributes : public AttributeSource {
 public:
  // A few different ones. Of another version the values are others, but for those of clients, which stay.
  std::string ValueOf(Dimension attribute, std::string_view text) override {
    size_t sum = IndexOf(attribute);
    for (const char one : text) sum += static_cast<unsigned char>(one);
    const int version = ColumnOf(attribute) == Dimension::kClient ? 0 : version_.load();
    const size_t value = (sum + static_cast<size_t>(version)) % 5;
    return value == 0 ? "" : "value " + std::to_string(value) + " of version " + std::to_string(version);
  }
  std::string VersionOf(Dimension) override { return std::to_string(version_); }

  void StartNextVersion() { ++version_; }

 private:
  std::atomic<int> version_ = 1;
};

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_CONFORMANCE_SIMPLE_ATTRIBUTES_H_
