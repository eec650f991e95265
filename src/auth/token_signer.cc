#include "auth/token_signer.h"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <chrono>

#include "auth/base64.h"
#include "auth/key_file.h"
#include "auth/openssl.h"
#include "auth/verification_key.h"
#include "base/assert.h"

namespace livetape::auth {
namespace {

constexpr int kCoordinateBytes = 32;

int64_t Seconds(base::WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::string ScopeText(const Claims& claims) {
  std::string scope;
  for (const Permission permission :
       {Permission::kSubscribe, Permission::kPublish, Permission::kTrade, Permission::kAdmin}) {
    if (!claims.Has(permission)) continue;
    if (!scope.empty()) scope += ' ';
    scope += Name(permission);
  }
  return scope;
}

using DigestPtr = std::unique_ptr<EVP_MD_CTX, OpensslFree<EVP_MD_CTX_free>>;
using SignaturePtr = std::unique_ptr<ECDSA_SIG, OpensslFree<ECDSA_SIG_free>>;

// Empty if the key does not work.
std::string SignDigest(EVP_PKEY* key, std::string_view text) {
  const DigestPtr digest(EVP_MD_CTX_new());
  LT_ASSERT(digest != nullptr);
  size_t size = static_cast<size_t>(EVP_PKEY_get_size(key));
  std::string signature(size, '\0');
  const bool made =
      EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
      EVP_DigestSign(digest.get(), Bytes(signature), &size, Bytes(text), text.size()) == 1;
  ERR_clear_error();
  signature.resize(made ? size : 0);
  return signature;
}

// r and s, 32 bytes each, out of the DER text (RFC 7518, section 3.4); empty from what is none.
std::string RawSignature(std::string_view der) {
  const unsigned char* from = Bytes(der);
  const SignaturePtr signature(d2i_ECDSA_SIG(nullptr, &from, static_cast<long>(der.size())));
  if (!signature) return {};
  std::string raw(2 * kCoordinateBytes, '\0');
  BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), Bytes(raw), kCoordinateBytes);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), Bytes(raw) + kCoordinateBytes, kCoordinateBytes);
  return raw;
}

}  // namespace

base::Result<TokenSigner> TokenSigner::FromText(std::string_view key, Algorithm algorithm) {
  if (algorithm == Algorithm::kHs256) {
    auto secret = ReadSecret(key);
    if (!secret) return std::unexpected(secret.error());
    if (auto strong = VerificationKey::Secret(*secret); !strong) {
      return std::unexpected(strong.error());
    }
    return TokenSigner(algorithm, std::move(*secret), nullptr);
  }
  auto read = ReadPrivatePem(key, algorithm);
  if (!read) return std::unexpected(read.error());
  TokenSigner signer(algorithm, {}, std::move(*read));
  // Numbers that belong to no key can still stand in a well-formed file.
  if (signer.Signature("trial").empty()) {
    return base::Fail("its private key is broken: it does not sign; make a new one");
  }
  return signer;
}

base::Result<TokenSigner> TokenSigner::FromFile(const std::filesystem::path& file,
                                                Algorithm algorithm) {
  const auto text = ReadSmallFile(file);
  if (!text) return std::unexpected(text.error());
  auto signer = FromText(*text, algorithm);
  if (!signer) {
    return base::Fail(fmt::format("{} cannot sign with {}: {}", file.string(), Name(algorithm),
                                  signer.error().message));
  }
  return signer;
}

std::string TokenSigner::Sign(const Claims& claims, base::WallTime now) const {
  boost::json::object payload;
  payload["sub"] = claims.subject;
  payload["iat"] = Seconds(now);
  payload["exp"] = Seconds(claims.expires);
  if (!claims.session.empty()) payload["sid"] = claims.session;
  if (claims.permissions != 0) payload["scope"] = ScopeText(claims);
  if (claims.topics) {
    payload["topics"] = boost::json::array(claims.topics->begin(), claims.topics->end());
  }
  return SignText(fmt::format(R"({{"alg":"{}","typ":"JWT"}})", Name(algorithm_)),
                  boost::json::serialize(payload));
}

std::string TokenSigner::SignText(std::string_view header, std::string_view payload) const {
  std::string text = EncodeBase64Url(header) + "." + EncodeBase64Url(payload);
  const std::string signature = EncodeBase64Url(Signature(text));
  return text + "." + signature;
}

std::string TokenSigner::Signature(std::string_view text) const {
  switch (algorithm_) {
    case Algorithm::kHs256:
      return Hmac(secret_, text);
    case Algorithm::kRs256:
      return SignDigest(key_.get(), text);
    case Algorithm::kEs256:
      return RawSignature(SignDigest(key_.get(), text));
  }
  return {};
}

}  // namespace livetape::auth
