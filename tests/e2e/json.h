#ifndef PAGE_COUNT_TESTS_E2E_JSON_H_
#define PAGE_COUNT_TESTS_E2E_JSON_H_

#include <rapidjson/document.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace page_count::e2e {

// A value in a JSON answer, or the absence of one: looking for what is not there gives a missing value whose
// text is "<missing>", so that an expectation on it fails readably and nothing crashes.
class Json {
 public:
  // A body that is not JSON in UTF-8 fails the running test and gives a missing value.
  static Json Parse(const std::string& body);

  Json operator[](std::string_view member) const;
  Json operator[](size_t index) const;

  bool exists() const { return value_ != nullptr; }
  bool IsNull() const { return exists() && value_->IsNull(); }
  bool IsString() const { return exists() && value_->IsString(); }
  bool IsArray() const { return exists() && value_->IsArray(); }
  bool IsObject() const { return exists() && value_->IsObject(); }

  // A string's characters; anything else as its JSON text.
  std::string str() const;
  // An integer; anything else is -1.
  int64_t number() const;
  // Of an array or an object; anything else is empty.
  size_t size() const;
  // An object's member names in the order in which they were sent.
  std::vector<std::string> keys() const;
  // The value as compact JSON.
  std::string text() const;

 private:
  Json(std::shared_ptr<const rapidjson::Document> document, const rapidjson::Value* value)
      : document_(std::move(document)), value_(value) {}

  std::shared_ptr<const rapidjson::Document> document_;
  const rapidjson::Value* value_;
};

// The text as a JSON string. Bytes that are not ASCII stay as they are, so that invalid UTF-8 can be sent.
std::string Quoted(std::string_view text);

}  // namespace page_count::e2e

#endif  // PAGE_COUNT_TESTS_E2E_JSON_H_
