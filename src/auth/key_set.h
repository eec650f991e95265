#pragma once

// KeySet: the keys of one algorithm that a server believes, and its reading from a JWKS (RFC 7517).
//
// A value; pure functions, any thread.

#include <string>
#include <string_view>
#include <vector>

#include "auth/verification_key.h"
#include "base/result.h"

namespace livetape::auth {

inline constexpr size_t kKeysMax = 100;     // in a JWKS; a longer one is refused
inline constexpr size_t kKeyTriesMax = 16;  // keys of our algorithm; more are refused
inline constexpr size_t kKeyIdBytesMax = 256;

struct NamedKey {
  std::string id;  // `kid`; empty if it has none
  VerificationKey key;
};

struct KeySet {
  std::vector<NamedKey> keys;
  std::vector<std::string> notes;  // what was read how and what was passed over, for the log
};

// The keys of `jwks` that are of `algorithm` and meant for signatures. Keys for anything else are
// passed over with a note; a broken key of our kind, or none that is left, is an error.
base::Result<KeySet> ParseKeySet(std::string_view jwks, Algorithm algorithm);

}  // namespace livetape::auth
