#pragma once

// BodyHash: 128 bits that tell two bodies under one idempotency key apart. Pure functions.
//
// Not cryptographic, and it need not be: a client that makes two bodies collide under its own key
// gets its own first answer for both, and nobody else's key is ever compared by its hash.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace livetape::api {

struct BodyHash {
  uint64_t high = 0, low = 0;
  friend bool operator==(const BodyHash&, const BodyHash&) = default;

  // 32 lower-case hexadecimal digits, and back.
  std::string ToString() const;
  static std::optional<BodyHash> Parse(std::string_view text);
};

// The same on every machine of little-endian byte order.
BodyHash HashBody(std::string_view body);

}  // namespace livetape::api
