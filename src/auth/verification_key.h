#pragma once

// VerificationKey: one key that tells whether a signature is right (RFC 7518, section 3).
//
// A value, immutable and cheap to copy; any thread, also several at once. Weak keys are refused
// where they are made: an HS256 secret under 32 bytes, an RSA key under 2048 bits.

#include <memory>
#include <string>
#include <string_view>

#include "auth/algorithm.h"
#include "base/result.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace livetape::auth {

inline constexpr size_t kSecretBytesMin = 32;
inline constexpr int kRsaBitsMin = 2048;
inline constexpr int kRsaBitsMax = 8192;  // a bigger one makes each token cost milliseconds

// The private or public key in PEM text, checked to be of the algorithm's kind and strength.
// Not for HS256. A key behind a passphrase is refused.
base::Result<std::shared_ptr<evp_pkey_st>> ReadPrivatePem(std::string_view pem, Algorithm);
base::Result<std::shared_ptr<evp_pkey_st>> ReadPublicPem(std::string_view pem, Algorithm);

// HMAC-SHA-256 of `text`, 32 bytes.
std::string Hmac(std::string_view secret, std::string_view text);

class VerificationKey {
 public:
  static base::Result<VerificationKey> Secret(std::string secret);
  static base::Result<VerificationKey> PublicPem(std::string_view pem, Algorithm);
  // Big-endian numbers, as in a JWK (RFC 7518, section 6).
  static base::Result<VerificationKey> Rsa(std::string_view modulus, std::string_view exponent);
  static base::Result<VerificationKey> P256(std::string_view x, std::string_view y);

  Algorithm algorithm() const { return algorithm_; }
  // `signature` as the token carries it, decoded: for ES256 64 bytes, r and s.
  bool Verify(std::string_view text, std::string_view signature) const;

 private:
  VerificationKey(Algorithm algorithm, std::string secret, std::shared_ptr<evp_pkey_st> key)
      : algorithm_(algorithm), secret_(std::move(secret)), key_(std::move(key)) {}

  Algorithm algorithm_;
  std::string secret_;                // HS256
  std::shared_ptr<evp_pkey_st> key_;  // RS256, ES256
};

}  // namespace livetape::auth
