#include "auth/api_key.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>

#include "auth/base64.h"
#include "auth/openssl.h"
#include "base/assert.h"

namespace livetape::auth {
namespace {

std::string RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  const int made = RAND_bytes(Bytes(bytes), static_cast<int>(count));
  LT_ASSERT(made == 1, "no random numbers");
  return bytes;
}

}  // namespace

ApiKey MakeApiKey() {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  ApiKey key;
  key.id = "PK";
  for (const char byte : RandomBytes(18)) {
    key.id += kLetters[static_cast<unsigned char>(byte) % kLetters.size()];
  }
  key.secret = EncodeBase64Url(RandomBytes(30));
  return key;
}

std::string HashSecret(std::string_view secret) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const int hashed =
      EVP_Digest(secret.data(), secret.size(), digest.data(), &size, EVP_sha256(), nullptr);
  LT_ASSERT(hashed == 1, "SHA-256 of {} bytes", secret.size());
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  return text;
}

bool SecretMatches(std::string_view hash, std::string_view secret) {
  const std::string other = HashSecret(secret);
  return hash.size() == other.size() && CRYPTO_memcmp(hash.data(), other.data(), hash.size()) == 0;
}

}  // namespace livetape::auth
