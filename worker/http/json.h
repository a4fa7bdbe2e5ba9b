// JSON in and out. The one place that knows the JSON library.
//
// A document owns its memory, and a JsonValue borrows from it. A writer hands its own on to the thread's next one, so
// writers are to be local variables. Not thread-safe; reading copes with any bytes, however deeply nested, without
// recursion.
#ifndef PAGE_COUNT_HTTP_JSON_H_
#define PAGE_COUNT_HTTP_JSON_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace page_count {

// Writes one compact document. Strings are UTF-8.
class JsonWriter {
 public:
  JsonWriter();
  ~JsonWriter();
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  void StartObject();
  void EndObject();
  void StartArray();
  void EndArray();
  void Key(std::string_view name);
  void String(std::string_view text);
  void Int(int64_t number);
  void Null();
  void Member(std::string_view name, std::string_view text);
  void Member(std::string_view name, int64_t number);

  // The document, or what is left of it after TakeChunk; the writer begins a new one.
  std::string Take();
  // What was written since the last TakeChunk; the document goes on.
  std::string TakeChunk();

 private:
  struct State;
  static thread_local std::unique_ptr<State> spare_;  // of the thread's last writer
  std::unique_ptr<State> state_;
};

class JsonValue {
 public:
  bool IsObject() const;
  bool IsArray() const;
  bool IsNull() const;
  // A string's text; nullopt if it is no string.
  std::optional<std::string_view> Text() const;
  // An object's member; of several with one name the last.
  std::optional<JsonValue> Member(std::string_view name) const;
  size_t Size() const;
  JsonValue At(size_t index) const;

 private:
  friend class JsonDocument;
  explicit JsonValue(const void* value) : value_(value) {}
  const void* value_;
};

class JsonDocument {
 public:
  // nullopt if the text is no JSON, or no UTF-8.
  static std::optional<JsonDocument> Parse(std::string_view text);
  JsonDocument(JsonDocument&&) noexcept;
  ~JsonDocument();

  JsonValue root() const;

 private:
  struct State;
  explicit JsonDocument(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_HTTP_JSON_H_
