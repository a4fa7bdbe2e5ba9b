#include "worker/http/json.h"

#ifdef __SSE2__
#define RAPIDJSON_SSE2  // strings that need no escape are written 16 bytes at a time
#endif
#include <rapidjson/document.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <array>

namespace page_count {
namespace {

constexpr size_t kWorthKeepingBytes = 16'384;  // most answers are one short document

const rapidjson::Value& Cast(const void* value) { return *static_cast<const rapidjson::Value*>(value); }

rapidjson::SizeType SizeOf(std::string_view text) { return static_cast<rapidjson::SizeType>(text.size()); }

}  // namespace

struct JsonWriter::State {
  void BeginAnew() {
    buffer.Clear();
    writer.Reset(buffer);
  }

  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
};

thread_local std::unique_ptr<JsonWriter::State> JsonWriter::spare_;

JsonWriter::JsonWriter() : state_(spare_ ? std::move(spare_) : std::make_unique<State>()) {}

JsonWriter::~JsonWriter() {
  if (state_->buffer.stack_.GetCapacity() > kWorthKeepingBytes) return;
  state_->BeginAnew();
  spare_ = std::move(state_);
}

void JsonWriter::StartObject() { state_->writer.StartObject(); }
void JsonWriter::EndObject() { state_->writer.EndObject(); }
void JsonWriter::StartArray() { state_->writer.StartArray(); }
void JsonWriter::EndArray() { state_->writer.EndArray(); }
void JsonWriter::Key(std::string_view name) { state_->writer.Key(name.data(), SizeOf(name)); }
void JsonWriter::String(std::string_view text) { state_->writer.String(text.data(), SizeOf(text)); }
void JsonWriter::Int(int64_t number) { state_->writer.Int64(number); }
void JsonWriter::Null() { state_->writer.Null(); }

void JsonWriter::Member(std::string_view name, std::string_view text) {
  Key(name);
  String(text);
}

void JsonWriter::Member(std::string_view name, int64_t number) {
  Key(name);
  Int(number);
}

std::string JsonWriter::Take() {
  std::string text = TakeChunk();
  state_->BeginAnew();
  return text;
}

std::string JsonWriter::TakeChunk() {
  std::string text(state_->buffer.GetString(), state_->buffer.GetSize());
  state_->buffer.Clear();
  return text;
}

bool JsonValue::IsObject() const { return Cast(value_).IsObject(); }
bool JsonValue::IsArray() const { return Cast(value_).IsArray(); }
bool JsonValue::IsNull() const { return Cast(value_).IsNull(); }

std::optional<std::string_view> JsonValue::Text() const {
  const rapidjson::Value& value = Cast(value_);
  if (!value.IsString()) return std::nullopt;
  return std::string_view(value.GetString(), value.GetStringLength());
}

std::optional<JsonValue> JsonValue::Member(std::string_view name) const {
  std::optional<JsonValue> found;
  for (const auto& member : Cast(value_).GetObject()) {
    if (std::string_view(member.name.GetString(), member.name.GetStringLength()) == name) {
      found = JsonValue(&member.value);
    }
  }
  return found;
}

size_t JsonValue::Size() const { return Cast(value_).Size(); }
JsonValue JsonValue::At(size_t index) const {
  return JsonValue(&Cast(value_)[static_cast<rapidjson::SizeType>(index)]);
}

// A visit's body needs no memory but this; by itself the library would take 64 KiB from the heap for it.
struct JsonDocument::State {
  std::array<char, 2048> room;
  rapidjson::MemoryPoolAllocator<> allocator{room.data(), room.size()};
  rapidjson::Document document{&allocator};
};

JsonDocument::JsonDocument(std::unique_ptr<State> state) : state_(std::move(state)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

std::optional<JsonDocument> JsonDocument::Parse(std::string_view text) {
  // The library takes a NUL byte for the end of the text.
  if (text.find('\0') != text.npos) return std::nullopt;
  auto state = std::make_unique_for_overwrite<State>();
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
  // A bare stream: Document::Parse would skip a byte order mark.
  rapidjson::MemoryStream stream(text.data(), text.size());
  state->document.ParseStream<kFlags, rapidjson::UTF8<>>(stream);
  if (state->document.HasParseError()) return std::nullopt;
  return JsonDocument(std::move(state));
}

JsonValue JsonDocument::root() const { return JsonValue(&state_->document); }

}  // namespace page_count
