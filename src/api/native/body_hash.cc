#include "api/native/body_hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

namespace livetape::api {
namespace {

// Odd numbers without pattern: the golden ratio and the square root of 3, times 2^64.
constexpr uint64_t kFirst = 0x9e37'79b9'7f4a'7c15, kSecond = 0xbb67'ae85'84ca'a73b;

// Every bit of the result depends on every bit of `x` (the finaliser of splitmix64).
uint64_t Avalanche(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58'476d'1ce4'e5b9;
  x = (x ^ (x >> 27)) * 0x94d0'49bb'1331'11eb;
  return x ^ (x >> 31);
}

}  // namespace

BodyHash HashBody(std::string_view body) {
  uint64_t a = kSecond ^ body.size(), b = kFirst;
  while (!body.empty()) {
    uint64_t words[2] = {0, 0};
    const size_t bytes = std::min(body.size(), sizeof words);
    std::memcpy(words, body.data(), bytes);
    body.remove_prefix(bytes);
    // For a given (a, b) each step maps different words to different results.
    a = std::rotl(a ^ (words[0] * kFirst), 29) * kSecond + b;
    b = std::rotl(b ^ (words[1] * kSecond), 35) * kFirst + a;
  }
  const uint64_t high = Avalanche(a + b);
  return {.high = high, .low = Avalanche(b ^ high)};
}

std::string BodyHash::ToString() const { return fmt::format("{:016x}{:016x}", high, low); }

std::optional<BodyHash> BodyHash::Parse(std::string_view text) {
  BodyHash hash;
  if (text.size() != 32) return std::nullopt;
  const char* const middle = text.data() + 16;
  const auto first = std::from_chars(text.data(), middle, hash.high, 16);
  const auto second = std::from_chars(middle, middle + 16, hash.low, 16);
  if (first.ptr != middle || second.ptr != middle + 16) return std::nullopt;
  return hash;
}

}  // namespace livetape::api
