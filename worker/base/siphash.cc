#include "worker/base/siphash.h"

#include <sys/random.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace page_count {
namespace {

static_assert(std::endian::native == std::endian::little, "words are read as they stand in memory");

uint64_t LoadWord(const void* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

// The last `count` bytes of a text, 1 to 7, the first of them lowest. Not by a copy of so many bytes: reading that back
// as a word has to wait for each byte's store.
uint64_t LoadLast(std::string_view text, size_t count) {
  if (text.size() >= 8) return LoadWord(text.data() + text.size() - 8) >> (64 - 8 * count);
  uint64_t word = 0;
  for (size_t i = 0; i < count; ++i)
    word |= uint64_t{static_cast<unsigned char>(text[text.size() - count + i])} << (8 * i);
  return word;
}

template <int kCompressRounds, int kFinishRounds>
class SipState {
 public:
  explicit SipState(const SipHashKey& key) {
    const uint64_t k0 = LoadWord(key.data());
    const uint64_t k1 = LoadWord(key.data() + 8);
    v0_ = k0 ^ 0x736f6d6570736575;
    v1_ = k1 ^ 0x646f72616e646f6d ^ 0xee;
    v2_ = k0 ^ 0x6c7967656e657261;
    v3_ = k1 ^ 0x7465646279746573;
  }

  void Absorb(std::string_view part) {
    const char* bytes = part.data();
    size_t left = part.size();
    length_ += left;
    for (; left >= 8; bytes += 8, left -= 8) {
      const uint64_t word = LoadWord(bytes);
      Compress(pending_ | (word << pending_bits_));
      pending_ = pending_bits_ == 0 ? 0 : word >> (64 - pending_bits_);
    }
    if (left == 0) return;
    const uint64_t word = LoadLast(part, left);
    pending_ |= word << pending_bits_;
    pending_bits_ += 8 * static_cast<unsigned>(left);
    if (pending_bits_ < 64) return;
    Compress(pending_);
    pending_bits_ -= 64;
    pending_ = pending_bits_ == 0 ? 0 : word >> (8 * left - pending_bits_);
  }

  Hash128 Finish() {
    Compress(pending_ | (length_ << 56));
    Hash128 hash;
    v2_ ^= 0xee;
    hash.low = Squeeze();
    v1_ ^= 0xdd;
    hash.high = Squeeze();
    return hash;
  }

 private:
  void Round() {
    v0_ += v1_;
    v1_ = std::rotl(v1_, 13) ^ v0_;
    v0_ = std::rotl(v0_, 32);
    v2_ += v3_;
    v3_ = std::rotl(v3_, 16) ^ v2_;
    v0_ += v3_;
    v3_ = std::rotl(v3_, 21) ^ v0_;
    v2_ += v1_;
    v1_ = std::rotl(v1_, 17) ^ v2_;
    v2_ = std::rotl(v2_, 32);
  }

  void Compress(uint64_t word) {
    v3_ ^= word;
    for (int i = 0; i < kCompressRounds; ++i) Round();
    v0_ ^= word;
  }

  uint64_t Squeeze() {
    for (int i = 0; i < kFinishRounds; ++i) Round();
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }

  uint64_t v0_, v1_, v2_, v3_;
  uint64_t pending_ = 0;  // the bytes of a word not yet complete
  unsigned pending_bits_ = 0;
  uint64_t length_ = 0;
};

template <int kCompressRounds, int kFinishRounds>
Hash128 SipHash(const SipHashKey& key, std::initializer_list<std::string_view> parts) {
  SipState<kCompressRounds, kFinishRounds> state(key);
  for (const std::string_view part : parts) state.Absorb(part);
  return state.Finish();
}

}  // namespace

SipHashKey RandomSipHashKey() {
  SipHashKey key;
  if (getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size())) {
    throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  return key;
}

Hash128 SipHash13(const SipHashKey& key, std::initializer_list<std::string_view> parts) {
  return SipHash<1, 3>(key, parts);
}

Hash128 SipHash24(const SipHashKey& key, std::initializer_list<std::string_view> parts) {
  return SipHash<2, 4>(key, parts);
}

}  // namespace page_count
