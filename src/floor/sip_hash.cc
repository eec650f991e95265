#include "floor/sip_hash.h"

#include <bit>
#include <cstring>

namespace livetape::floor {
namespace {

static_assert(std::endian::native == std::endian::little);

struct State {
  uint64_t v0, v1, v2, v3;

  void Rounds(int count) {
    for (int i = 0; i < count; ++i) {
      v0 += v1;
      v2 += v3;
      v1 = std::rotl(v1, 13) ^ v0;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 = std::rotl(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = std::rotl(v1, 17) ^ v2;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 = std::rotl(v2, 32);
    }
  }
  void Take(uint64_t word) {
    v3 ^= word;
    Rounds(2);
    v0 ^= word;
  }
  uint64_t Folded() const { return v0 ^ v1 ^ v2 ^ v3; }
};

}  // namespace

Hash128 SipHash128(uint64_t key_low, uint64_t key_high, std::string_view bytes) {
  State state{.v0 = key_low ^ 0x736f6d6570736575,
              .v1 = key_high ^ 0x646f72616e646f6d ^ 0xee,
              .v2 = key_low ^ 0x6c7967656e657261,
              .v3 = key_high ^ 0x7465646279746573};
  size_t at = 0;
  uint64_t word = 0;
  for (; bytes.size() - at >= sizeof word; at += sizeof word) {
    std::memcpy(&word, bytes.data() + at, sizeof word);
    state.Take(word);
  }
  // The last word: what is left, and the length's lowest byte on top.
  word = 0;
  std::memcpy(&word, bytes.data() + at, bytes.size() - at);
  state.Take(word | uint64_t{bytes.size()} << 56);

  Hash128 hash;
  state.v2 ^= 0xee;
  state.Rounds(4);
  hash.low = state.Folded();
  state.v1 ^= 0xdd;
  state.Rounds(4);
  hash.high = state.Folded();
  return hash;
}

}  // namespace livetape::floor
