#pragma once

// Algorithm: the three ways of signing a token that livetape knows (RFC 7518, section 3).

#include <cstdint>
#include <optional>
#include <string_view>

namespace livetape::auth {

enum class Algorithm : uint8_t { kHs256, kRs256, kEs256 };

inline constexpr std::string_view Name(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kHs256:
      return "HS256";
    case Algorithm::kRs256:
      return "RS256";
    case Algorithm::kEs256:
      return "ES256";
  }
  return "";
}

// By its exact name, as RFC 7518 writes it; nothing for any other text.
inline constexpr std::optional<Algorithm> ParseAlgorithm(std::string_view name) {
  for (const Algorithm algorithm : {Algorithm::kHs256, Algorithm::kRs256, Algorithm::kEs256}) {
    if (name == Name(algorithm)) return algorithm;
  }
  return std::nullopt;
}

}  // namespace livetape::auth
