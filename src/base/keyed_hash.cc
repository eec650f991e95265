#include "base/keyed_hash.h"

#include <sys/auxv.h>

#include <bit>
#include <cstring>

namespace livetape::base {
namespace {

struct State {
  uint64_t v0, v1, v2, v3;

  void Round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }
  void Add(uint64_t word) {
    v3 ^= word;
    Round();
    v0 ^= word;
  }
};

// Sixteen random bytes for each process (getauxval(3)).
HashKey KeyOfProcess() {
  HashKey key;
  const auto* const bytes = reinterpret_cast<const char*>(::getauxval(AT_RANDOM));
  if (bytes == nullptr) return key;
  std::memcpy(&key.first, bytes, sizeof key.first);
  std::memcpy(&key.second, bytes + sizeof key.first, sizeof key.second);
  // The C library guards the stack with the same bytes: what is seen of the one tells nothing of the
  // other.
  constexpr std::string_view kFirst = "livetape, first", kSecond = "livetape, second";
  return {.first = SipHash13(key, kFirst), .second = SipHash13(key, kSecond)};
}

}  // namespace

uint64_t SipHash13(const HashKey& key, std::string_view text) {
  State state{.v0 = key.first ^ 0x736f'6d65'7073'6575,
              .v1 = key.second ^ 0x646f'7261'6e64'6f6d,
              .v2 = key.first ^ 0x6c79'6765'6e65'7261,
              .v3 = key.second ^ 0x7465'6462'7974'6573};
  const uint64_t size = text.size();
  for (; text.size() >= 8; text.remove_prefix(8)) {
    uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    state.Add(word);
  }
  uint64_t last = 0;
  if (!text.empty()) std::memcpy(&last, text.data(), text.size());
  state.Add(last | size << 56);
  state.v2 ^= 0xff;
  for (int i = 0; i < 3; ++i) state.Round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

uint64_t KeyedHash(std::string_view text) {
  static const HashKey key = KeyOfProcess();
  return SipHash13(key, text);
}

}  // namespace livetape::base
