#pragma once

// SipHash-2-4 with 128 bits of output: a keyed hash that nobody without the key can make collide.
// Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012); the 128-bit variant as in the
// authors' reference code, whose vectors are in the test.

#include <cstdint>
#include <string_view>

namespace livetape::floor {

struct Hash128 {
  uint64_t low = 0, high = 0;  // the first and the last eight bytes, little-endian
  friend bool operator==(const Hash128&, const Hash128&) = default;
};

// The key's first and last eight bytes, little-endian.
Hash128 SipHash128(uint64_t key_low, uint64_t key_high, std::string_view bytes);

}  // namespace livetape::floor
