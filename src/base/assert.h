#pragma once

// LT_ASSERT: a check against our own bugs, on in every build.
//
// A failed check prints the expression, its place and the values given, and aborts. It is never
// used on bytes that a client, a peer or a file controls: those get a Result (base/result.h).

#include <fmt/format.h>

#include <string_view>

namespace livetape::base {

[[noreturn]] void AssertionFailed(std::string_view expression, std::string_view file, int line,
                                  std::string_view values);

}  // namespace livetape::base

// LT_ASSERT(condition) or LT_ASSERT(condition, "format {}", value...).
#define LT_ASSERT(condition, ...)                                       \
  do {                                                                  \
    if (!(condition)) [[unlikely]] {                                    \
      ::livetape::base::AssertionFailed(#condition, __FILE__, __LINE__, \
                                        ::fmt::format("" __VA_ARGS__)); \
    }                                                                   \
  } while (false)
