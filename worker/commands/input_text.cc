#include "worker/commands/input_text.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace page_count {
namespace {

constexpr size_t kBlockBytes = 1U << 18;
constexpr std::string_view kGzip = "\x1f\x8b";
constexpr int kGzipOnly = 16 + MAX_WBITS;

}  // namespace

struct InputText::Inflater {
  Inflater() {
    if (inflateInit2(&stream, kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  z_stream stream{};
};

InputText::InputText(RawInput& input) : input_(input) {
  std::string block(kBlockBytes, '\0');
  size_t got = 1;
  while (raw_.size() < kGzip.size() && got > 0) {
    got = input_.Read(block.data(), block.size());
    raw_.append(block, 0, got);
  }
  if (raw_.starts_with(kGzip)) inflater_ = std::make_unique<Inflater>();
}

InputText::~InputText() = default;

std::string_view InputText::Peek() {
  size_t got = 1;
  while (peeked_.size() < kPeekBytes && got > 0) {
    const size_t kept = peeked_.size();
    peeked_.resize(kPeekBytes);
    try {
      got = inflater_ ? Inflate(peeked_.data() + kept, kPeekBytes - kept)
                      : ReadPlain(peeked_.data() + kept, kPeekBytes - kept);
    } catch (const InputError&) {
      got = 0;  // which the Read that comes so far says again
    }
    peeked_.resize(kept + got);
  }
  return peeked_;
}

size_t InputText::Read(char* to, size_t size) {
  if (peeked_at_ < peeked_.size()) {
    const size_t given = std::min(size, peeked_.size() - peeked_at_);
    std::memcpy(to, peeked_.data() + peeked_at_, given);
    peeked_at_ += given;
    return given;
  }
  return inflater_ ? Inflate(to, size) : ReadPlain(to, size);
}

size_t InputText::ReadPlain(char* to, size_t size) {
  if (raw_at_ == raw_.size()) return input_.Read(to, size);
  const size_t given = std::min(size, raw_.size() - raw_at_);
  std::memcpy(to, raw_.data() + raw_at_, given);
  raw_at_ += given;
  return given;
}

bool InputText::Refill() {
  if (raw_at_ < raw_.size()) return true;
  raw_.resize(kBlockBytes);
  raw_at_ = 0;
  raw_.resize(input_.Read(raw_.data(), raw_.size()));
  return !raw_.empty();
}

// Ends once there is something to give: what was read before a fault is given before the fault is thrown.
size_t InputText::Inflate(char* to, size_t size) {
  z_stream& stream = inflater_->stream;
  stream.next_out = reinterpret_cast<Bytef*>(to);
  stream.avail_out = static_cast<uInt>(size);
  while (stream.avail_out == size) {
    if (status_ == Z_STREAM_END) {
      if (!IsAtNextMember()) return 0;
      inflateReset(&stream);
    } else if (status_ != Z_OK && status_ != Z_BUF_ERROR) {
      const std::string reason = stream.msg != nullptr ? std::string(" (") + stream.msg + ")" : std::string();
      throw InputError(name() + " holds damaged gzip data" + reason);
    }
    const bool has_input = Refill();  // without it there may still be output of before
    stream.next_in = reinterpret_cast<Bytef*>(raw_.data() + raw_at_);
    stream.avail_in = static_cast<uInt>(raw_.size() - raw_at_);
    status_ = inflate(&stream, Z_NO_FLUSH);
    raw_at_ = raw_.size() - stream.avail_in;
    if (!has_input && status_ == Z_BUF_ERROR) {
      throw InputError(name() + " ends in the middle of its gzip data; is the file whole?");
    }
  }
  return size - stream.avail_out;
}

// Tapes and some tools fill files up with zeros.
bool InputText::IsAtNextMember() {
  while (Refill()) {
    raw_at_ = std::min(raw_.find_first_not_of('\0', raw_at_), raw_.size());
    if (raw_at_ == raw_.size()) continue;
    if (raw_[raw_at_] == kGzip[0]) return true;
    throw InputError(name() + " goes on after its gzip data with something else");
  }
  return false;
}

}  // namespace page_count
