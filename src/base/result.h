#pragma once

// Result: the value, or what the world did wrong. Our own bugs are LT_ASSERT's (base/assert.h).

#include <expected>
#include <string>
#include <utility>

namespace livetape::base {

// What went wrong outside of us, in full words. The message is written once, where the fault is
// found, and says what is wrong and what would be right.
struct [[nodiscard]] Error {
  std::string message;
};

template <typename T>
using Result = std::expected<T, Error>;

// The failed Result of any value type.
inline std::unexpected<Error> Fail(std::string message) {
  return std::unexpected<Error>(Error{std::move(message)});
}

}  // namespace livetape::base
