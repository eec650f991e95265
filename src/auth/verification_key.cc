#include "auth/verification_key.h"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>

#include "auth/openssl.h"
#include "base/assert.h"

namespace livetape::auth {
namespace {

using Key = std::shared_ptr<evp_pkey_st>;
using BioPtr = std::unique_ptr<BIO, OpensslFree<BIO_free_all>>;
using BignumPtr = std::unique_ptr<BIGNUM, OpensslFree<BN_free>>;
using DigestPtr = std::unique_ptr<EVP_MD_CTX, OpensslFree<EVP_MD_CTX_free>>;
using PkeyPtr = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using PkeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, OpensslFree<EVP_PKEY_CTX_free>>;
using SignaturePtr = std::unique_ptr<ECDSA_SIG, OpensslFree<ECDSA_SIG_free>>;
using ParametersPtr = std::unique_ptr<OSSL_PARAM, OpensslFree<OSSL_PARAM_free>>;
using ParameterListPtr = std::unique_ptr<OSSL_PARAM_BLD, OpensslFree<OSSL_PARAM_BLD_free>>;
using CertificatePtr = std::unique_ptr<X509, OpensslFree<X509_free>>;

constexpr size_t kCoordinateBytes = 32;

Key Own(PkeyPtr key) { return Key(key.release(), EVP_PKEY_free); }

BioPtr Reader(std::string_view text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Without it OpenSSL asks at the terminal for the passphrase of an encrypted key.
int NoPassphrase(char*, int, int, void*) { return -1; }

base::Result<Key> CheckKind(PkeyPtr key, Algorithm algorithm) {
  if (algorithm == Algorithm::kRs256) {
    if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
      return base::Fail("RS256 needs an RSA key, and this key is of another kind");
    }
    const int bits = EVP_PKEY_get_bits(key.get());
    if (bits < kRsaBitsMin || bits > kRsaBitsMax) {
      return base::Fail(fmt::format("the RSA key has {} bits; RS256 needs {} to {}", bits,
                                    kRsaBitsMin, kRsaBitsMax));
    }
    return Own(std::move(key));
  }
  std::array<char, 64> group{};
  size_t size = 0;
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_EC ||
      EVP_PKEY_get_group_name(key.get(), group.data(), group.size(), &size) != 1 ||
      std::string_view(group.data(), size) != "prime256v1") {
    return base::Fail(
        "ES256 needs an elliptic-curve key on P-256, and this key is of another kind");
  }
  return Own(std::move(key));
}

PkeyPtr FromParameters(const char* kind, OSSL_PARAM_BLD* list) {
  const ParametersPtr parameters(OSSL_PARAM_BLD_to_param(list));
  const PkeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  LT_ASSERT(parameters && context);
  const int ready = EVP_PKEY_fromdata_init(context.get());
  LT_ASSERT(ready == 1);
  EVP_PKEY* made = nullptr;
  if (EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    ERR_clear_error();
    return nullptr;
  }
  return PkeyPtr(made);
}

// The DER text of an ECDSA signature from r and s; empty if it is none.
std::string DerSignature(std::string_view raw) {
  if (raw.size() != 2 * kCoordinateBytes) return {};
  BignumPtr r(BN_bin2bn(Bytes(raw), kCoordinateBytes, nullptr));
  BignumPtr s(BN_bin2bn(Bytes(raw) + kCoordinateBytes, kCoordinateBytes, nullptr));
  const SignaturePtr signature(ECDSA_SIG_new());
  LT_ASSERT(r && s && signature);
  ECDSA_SIG_set0(signature.get(), r.release(), s.release());
  const int size = i2d_ECDSA_SIG(signature.get(), nullptr);
  if (size <= 0) return {};
  std::string der(static_cast<size_t>(size), '\0');
  unsigned char* to = Bytes(der);
  i2d_ECDSA_SIG(signature.get(), &to);
  return der;
}

bool VerifyDigest(EVP_PKEY* key, std::string_view text, std::string_view signature) {
  const DigestPtr digest(EVP_MD_CTX_new());
  LT_ASSERT(digest != nullptr);
  const bool right = EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
                     EVP_DigestVerify(digest.get(), Bytes(signature), signature.size(), Bytes(text),
                                      text.size()) == 1;
  ERR_clear_error();
  return right;
}

}  // namespace

base::Result<Key> ReadPrivatePem(std::string_view pem, Algorithm algorithm) {
  LT_ASSERT(algorithm != Algorithm::kHs256);
  PkeyPtr key(PEM_read_bio_PrivateKey(Reader(pem).get(), nullptr, NoPassphrase, nullptr));
  ERR_clear_error();
  if (!key) {
    return base::Fail(
        "there is no private key in it; it must hold one PEM block '-----BEGIN PRIVATE KEY-----' "
        "without a passphrase");
  }
  return CheckKind(std::move(key), algorithm);
}

base::Result<Key> ReadPublicPem(std::string_view pem, Algorithm algorithm) {
  LT_ASSERT(algorithm != Algorithm::kHs256);
  PkeyPtr key(PEM_read_bio_PUBKEY(Reader(pem).get(), nullptr, NoPassphrase, nullptr));
  if (!key) {
    const CertificatePtr certificate(
        PEM_read_bio_X509(Reader(pem).get(), nullptr, NoPassphrase, nullptr));
    if (certificate) key.reset(X509_get_pubkey(certificate.get()));
  }
  ERR_clear_error();
  if (!key && pem.find("PRIVATE KEY-----") != std::string_view::npos) {
    return base::Fail(
        "it holds a private key, which belongs to who signs; make the public one with "
        "'openssl pkey -in PRIVATE.pem -pubout'");
  }
  if (!key) {
    return base::Fail(
        "there is no public key in it; it must hold one PEM block '-----BEGIN PUBLIC KEY-----' or "
        "a certificate");
  }
  return CheckKind(std::move(key), algorithm);
}

std::string Hmac(std::string_view secret, std::string_view text) {
  std::string mac(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  const void* made = HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), Bytes(text),
                          text.size(), Bytes(mac), &size);
  LT_ASSERT(made != nullptr);
  mac.resize(size);
  return mac;
}

base::Result<VerificationKey> VerificationKey::Secret(std::string secret) {
  if (secret.size() < kSecretBytesMin) {
    return base::Fail(fmt::format("the HS256 secret has {} bytes; it needs at least {}",
                                  secret.size(), kSecretBytesMin));
  }
  return VerificationKey(Algorithm::kHs256, std::move(secret), nullptr);
}

base::Result<VerificationKey> VerificationKey::PublicPem(std::string_view pem,
                                                         Algorithm algorithm) {
  auto key = ReadPublicPem(pem, algorithm);
  if (!key) return std::unexpected(key.error());
  return VerificationKey(algorithm, {}, std::move(*key));
}

base::Result<VerificationKey> VerificationKey::Rsa(std::string_view modulus,
                                                   std::string_view exponent) {
  // A number beyond the limits would only cost time before it is refused.
  if (modulus.size() > kRsaBitsMax / 8 + 1 || exponent.size() > 8) {
    return base::Fail(
        fmt::format("the RSA key is too big; RS256 needs {} to {} bits", kRsaBitsMin, kRsaBitsMax));
  }
  const BignumPtr n(BN_bin2bn(Bytes(modulus), static_cast<int>(modulus.size()), nullptr));
  const BignumPtr e(BN_bin2bn(Bytes(exponent), static_cast<int>(exponent.size()), nullptr));
  const ParameterListPtr list(OSSL_PARAM_BLD_new());
  LT_ASSERT(n && e && list);
  // With exponent 1 everything is a signature.
  if (!BN_is_odd(n.get()) || !BN_is_odd(e.get()) || BN_is_one(e.get())) {
    return base::Fail("the RSA key is none: its modulus and exponent must be odd, and no 1");
  }
  OSSL_PARAM_BLD_push_BN(list.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(list.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  PkeyPtr key = FromParameters("RSA", list.get());
  if (!key) return base::Fail("its modulus and exponent make no RSA key");
  auto checked = CheckKind(std::move(key), Algorithm::kRs256);
  if (!checked) return std::unexpected(checked.error());
  return VerificationKey(Algorithm::kRs256, {}, std::move(*checked));
}

base::Result<VerificationKey> VerificationKey::P256(std::string_view x, std::string_view y) {
  if (x.size() != kCoordinateBytes || y.size() != kCoordinateBytes) {
    return base::Fail("the coordinates of a P-256 key have 32 bytes each");
  }
  const std::string point = fmt::format("\x04{}{}", x, y);  // uncompressed (SEC 1, section 2.3.3)
  const ParameterListPtr list(OSSL_PARAM_BLD_new());
  LT_ASSERT(list != nullptr);
  OSSL_PARAM_BLD_push_utf8_string(list.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(list.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  PkeyPtr key = FromParameters("EC", list.get());
  if (!key) return base::Fail("its x and y are no point of the curve P-256");
  auto checked = CheckKind(std::move(key), Algorithm::kEs256);
  if (!checked) return std::unexpected(checked.error());
  return VerificationKey(Algorithm::kEs256, {}, std::move(*checked));
}

bool VerificationKey::Verify(std::string_view text, std::string_view signature) const {
  switch (algorithm_) {
    case Algorithm::kHs256: {
      const std::string right = Hmac(secret_, text);
      return signature.size() == right.size() &&
             CRYPTO_memcmp(right.data(), signature.data(), right.size()) == 0;
    }
    case Algorithm::kRs256:
      return VerifyDigest(key_.get(), text, signature);
    case Algorithm::kEs256: {
      const std::string der = DerSignature(signature);
      return !der.empty() && VerifyDigest(key_.get(), text, der);
    }
  }
  return false;
}

}  // namespace livetape::auth
