#include "worker/http/json_stream.h"

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <cstring>
#include <utility>

namespace page_count {
namespace {

constexpr size_t kBlockBytes = 1U << 18;
constexpr int kMaxDepth = 64;

// Keeps a string's text, and lets everything else pass.
struct ValueTaker {
  bool Is(JsonStream::Kind of) {
    if (depth == 0) kind = of;
    return true;
  }
  bool Null() { return Is(JsonStream::Kind::kNull); }
  bool Bool(bool) { return Is(JsonStream::Kind::kOther); }
  bool Int(int) { return Is(JsonStream::Kind::kOther); }
  bool Uint(unsigned) { return Is(JsonStream::Kind::kOther); }
  bool Int64(int64_t) { return Is(JsonStream::Kind::kOther); }
  bool Uint64(uint64_t) { return Is(JsonStream::Kind::kOther); }
  bool Double(double) { return Is(JsonStream::Kind::kOther); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return Is(JsonStream::Kind::kOther); }
  bool String(const char* of, rapidjson::SizeType size, bool) {
    if (depth == 0) text.assign(of, size);
    return Is(JsonStream::Kind::kText);
  }
  bool Key(const char*, rapidjson::SizeType, bool) { return true; }
  bool StartObject() { return ++depth <= kMaxDepth; }
  bool EndObject(rapidjson::SizeType) {
    --depth;
    return Is(JsonStream::Kind::kOther);
  }
  bool StartArray() { return StartObject(); }
  bool EndArray(rapidjson::SizeType size) { return EndObject(size); }

  std::string& text;
  JsonStream::Kind kind = JsonStream::Kind::kNone;
  int depth = 0;
};

}  // namespace

// The library's stream: it takes a NUL for the end.
struct JsonStream::State {
  using Ch = char;

  char Peek() {
    if (at == end && !Refill()) return '\0';
    return *at == '\n' && lines == Lines::kEndText ? '\0' : *at;
  }
  char Take() {
    const char c = Peek();
    if (at == end || (c == '\0' && *at == '\n')) return '\0';
    if (c == '\n') ++line;
    ++at;
    return c;
  }
  size_t Tell() const { return 0; }
  static char* PutBegin() { return nullptr; }
  static void Put(char) {}
  static void Flush() {}
  static size_t PutEnd(char*) { return 0; }

  bool Refill() {
    if (is_at_end || record_bytes > kMaxBytes) return false;
    block.resize(kBlockBytes);
    at = end = block.data();
    end += read(block.data(), block.size());
    record_bytes += static_cast<size_t>(end - at);
    is_at_end = at == end;
    return !is_at_end;
  }

  ReadBytes read;
  Lines lines;
  std::string block;
  const char* at = nullptr;
  const char* end = nullptr;
  bool is_at_end = false;
  size_t record_bytes = 0;
  size_t line = 1;
  rapidjson::Reader reader;
  std::string fault;
};

JsonStream::JsonStream(ReadBytes read, Lines lines) : state_(std::make_unique<State>()) {
  state_->read = std::move(read);
  state_->lines = lines;
}

JsonStream::~JsonStream() = default;

char JsonStream::Next() {
  for (;;) {
    const char c = state_->Peek();
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') return c;
    state_->Take();
  }
}

bool JsonStream::Take(char wanted) {
  if (Next() != wanted) return false;
  state_->Take();
  return true;
}

void JsonStream::TakeByteOrderMark() {
  if (Next() != '\xEF') return;
  for (const char c : {'\xEF', '\xBB', '\xBF'}) {
    if (state_->Peek() == c) state_->Take();
  }
}

bool JsonStream::IsAtEnd() {
  return Next() == '\0' && (state_->at == state_->end ? state_->is_at_end : *state_->at == '\n');
}

bool JsonStream::IsAtEndOfAll() { return Next() == '\0' && state_->at == state_->end && state_->is_at_end; }

void JsonStream::SkipLine() {
  state_->record_bytes = 0;
  do {
    const auto* newline =
        static_cast<const char*>(std::memchr(state_->at, '\n', static_cast<size_t>(state_->end - state_->at)));
    if (newline != nullptr) {
      state_->at = newline + 1;
      ++state_->line;
      return;
    }
    state_->at = state_->end;
    state_->record_bytes = 0;
  } while (state_->Refill());
}

std::string_view JsonStream::PeekRead() const { return {state_->at, static_cast<size_t>(state_->end - state_->at)}; }

void JsonStream::PassLine(size_t bytes) {
  state_->at += bytes;
  ++state_->line;
}

JsonStream::Kind JsonStream::ReadValue(std::string& text) {
  constexpr unsigned kFlags =
      rapidjson::kParseStopWhenDoneFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;
  ValueTaker taker{text};
  const auto result = state_->reader.Parse<kFlags>(*state_, taker);
  if (!result.IsError()) return taker.kind;
  if (state_->record_bytes > kMaxBytes && state_->at == state_->end) {
    state_->fault = "more than 4 MiB long";
  } else if (result.Code() == rapidjson::kParseErrorTermination) {
    state_->fault = "nested too deeply";
  } else if (result.Code() == rapidjson::kParseErrorStringInvalidEncoding) {
    state_->fault = "a text that is no UTF-8, or holds a control character";
  } else {
    state_->fault = rapidjson::GetParseError_En(result.Code());
  }
  return Kind::kNone;
}

const std::string& JsonStream::fault() const { return state_->fault; }
size_t JsonStream::line() const { return state_->line; }
void JsonStream::BeginRecord() { state_->record_bytes = 0; }

}  // namespace page_count
