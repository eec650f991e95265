#pragma once

// TokenSigner: makes tokens that TokenVerifier believes; for `livetape token` and tests.
//
// Immutable; any thread.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "auth/algorithm.h"
#include "auth/claims.h"
#include "base/clock.h"
#include "base/result.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace livetape::auth {

class TokenSigner {
 public:
  // `key` is the content of a key file: a secret's text for HS256 (auth/key_file.h says which), a
  // private key in PEM for the others.
  static base::Result<TokenSigner> FromText(std::string_view key, Algorithm algorithm);
  // The error names the file.
  static base::Result<TokenSigner> FromFile(const std::filesystem::path& file, Algorithm algorithm);

  // `iat` is `now`; times are cut to whole seconds. Claims that are empty are left out.
  std::string Sign(const Claims& claims, base::WallTime now) const;
  // Any payload, also one that no verifier should believe. `header` is JSON.
  std::string SignText(std::string_view header, std::string_view payload) const;

 private:
  TokenSigner(Algorithm algorithm, std::string secret, std::shared_ptr<evp_pkey_st> key)
      : algorithm_(algorithm), secret_(std::move(secret)), key_(std::move(key)) {}
  std::string Signature(std::string_view text) const;

  Algorithm algorithm_;
  std::string secret_;                // HS256
  std::shared_ptr<evp_pkey_st> key_;  // RS256, ES256
};

}  // namespace livetape::auth
