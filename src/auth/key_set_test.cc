#include "auth/key_set.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "auth/base64.h"
#include "auth/testing_keys.h"

namespace livetape::auth {
namespace {

// RFC 7515, appendix A.
constexpr std::string_view kA1Key =
    R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUu)"
    R"(TwjAzZr1Z9CAow"})";
constexpr std::string_view kA1Text =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0"
    "dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
constexpr std::string_view kA1Signature = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr std::string_view kA2Modulus =
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4"
    "d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5re"
    "xMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxX"
    "FvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
constexpr std::string_view kA2Text =
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNv"
    "bS9pc19yb290Ijp0cnVlfQ";
constexpr std::string_view kA2Signature =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5"
    "jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb"
    "1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QO"
    "YEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
constexpr std::string_view kA3Key =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";
constexpr std::string_view kA3Text =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNv"
    "bS9pc19yb290Ijp0cnVlfQ";
constexpr std::string_view kA3Signature =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

std::string A2Key(std::string_view more = "") {
  return fmt::format(R"({{"kty":"RSA","n":"{}","e":"AQAB"{}}})", kA2Modulus, more);
}

std::string Jwks(std::string_view keys) { return fmt::format(R"({{"keys":[{}]}})", keys); }

std::string ErrorOf(std::string_view jwks, Algorithm algorithm) {
  const auto set = ParseKeySet(jwks, algorithm);
  return set ? "read" : set.error().message;
}

void ExpectOnlyTheRightOneVerifies(std::string_view jwk, Algorithm algorithm, std::string_view text,
                                   std::string_view signature) {
  const auto set = ParseKeySet(Jwks(jwk), algorithm);
  ASSERT_TRUE(set) << set.error().message;
  const VerificationKey& key = set->keys.front().key;
  const std::string bytes = DecodeBase64Url(signature).value();
  EXPECT_TRUE(key.Verify(text, bytes));
  EXPECT_FALSE(key.Verify(text.substr(1), bytes));
  for (const size_t at : {size_t{0}, bytes.size() / 2, bytes.size() - 1}) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(key.Verify(text, changed)) << at;
  }
  EXPECT_FALSE(key.Verify(text, ""));
  EXPECT_FALSE(key.Verify(text, bytes.substr(1)));
  EXPECT_FALSE(key.Verify(text, bytes + '\0'));
  EXPECT_FALSE(key.Verify(text, std::string(bytes.size(), '\0')));
  EXPECT_FALSE(key.Verify(text, std::string(bytes.size(), '\xff')));
}

TEST(KeySet, VerifiesTheExamplesOfTheStandard) {
  ExpectOnlyTheRightOneVerifies(kA1Key, Algorithm::kHs256, kA1Text, kA1Signature);
  ExpectOnlyTheRightOneVerifies(A2Key(), Algorithm::kRs256, kA2Text, kA2Signature);
  ExpectOnlyTheRightOneVerifies(kA3Key, Algorithm::kEs256, kA3Text, kA3Signature);
}

TEST(KeySet, KeysForSomethingElseArePassedOverWithANote) {
  const auto set = ParseKeySet(
      Jwks(fmt::format(R"({},{},{{"kty":"OKP","crv":"Ed25519"}},{},{},{},{{}},{})", kA1Key, kA3Key,
                       A2Key(R"(,"use":"enc")"), A2Key(R"(,"alg":"RS512")"),
                       A2Key(R"(,"key_ops":["encrypt"])"),
                       A2Key(R"(,"use":"sig","alg":"RS256","key_ops":["verify"],"kid":"k7")"))),
      Algorithm::kRs256);
  ASSERT_TRUE(set) << set.error().message;
  ASSERT_EQ(set->keys.size(), 1u);
  EXPECT_EQ(set->keys[0].id, "k7");
  EXPECT_EQ(set->notes.size(), 7u);
  EXPECT_EQ(set->notes[0], "key 0 is passed over: its kty is not RSA, which RS256 needs");
  EXPECT_EQ(set->notes[3], "key 3 is passed over: its use is not sig");
}

TEST(KeySet, OtherCurvesArePassedOver) {
  EXPECT_EQ(ErrorOf(Jwks(R"({"kty":"EC","crv":"P-384","x":"AA","y":"AA"})"), Algorithm::kEs256),
            "none of its 1 keys is for ES256");
}

TEST(KeySet, BrokenKeysOfOurKindAreErrors) {
  EXPECT_EQ(ErrorOf(Jwks(R"({"kty":"oct","k":"c2hvcnQ"})"), Algorithm::kHs256),
            "key 0: the HS256 secret has 5 bytes; it needs at least 32");
  EXPECT_EQ(ErrorOf(Jwks(R"({"kty":"oct","k":"YQ=="})"), Algorithm::kHs256),
            "key 0: its 'k' must be base64url text without padding");
  EXPECT_EQ(ErrorOf(Jwks(R"({"kty":"RSA","n":"AQAB"})"), Algorithm::kRs256),
            "key 0: its 'e' must be base64url text without padding");
  EXPECT_EQ(ErrorOf(Jwks(R"({"kty":"RSA","n":"xQ","e":"AQAB"})"), Algorithm::kRs256),
            "key 0: the RSA key has 8 bits; RS256 needs 2048 to 8192");
  EXPECT_EQ(ErrorOf(Jwks(fmt::format(R"({{"kty":"RSA","n":"{}","e":"AQ"}})", kA2Modulus)),
                    Algorithm::kRs256),
            "key 0: the RSA key is none: its modulus and exponent must be odd, and no 1");
  EXPECT_EQ(ErrorOf(Jwks(fmt::format(R"({{"kty":"RSA","n":"{}","e":"AQAB"}})",
                                     EncodeBase64Url(std::string(2000, '\x77')))),
                    Algorithm::kRs256),
            "key 0: the RSA key is too big; RS256 needs 2048 to 8192 bits");
  const std::string x = EncodeBase64Url(std::string(32, '\x11'));
  EXPECT_EQ(ErrorOf(Jwks(fmt::format(R"({{"kty":"EC","crv":"P-256","x":"{}","y":"{}"}})", x, x)),
                    Algorithm::kEs256),
            "key 0: its x and y are no point of the curve P-256");
  EXPECT_EQ(ErrorOf(Jwks(R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA"})"), Algorithm::kEs256),
            "key 0: the coordinates of a P-256 key have 32 bytes each");
}

TEST(KeySet, WhatIsNoJwksIsSaid) {
  EXPECT_EQ(ErrorOf("<html>", Algorithm::kHs256),
            "it is not a JSON object in UTF-8 that names each member once");
  EXPECT_EQ(ErrorOf("{}", Algorithm::kHs256), "it has no 'keys' list; a JWKS is {\"keys\":[...]}");
  EXPECT_EQ(ErrorOf(R"({"keys":[7]})", Algorithm::kHs256), "key 0 is not an object");
  EXPECT_EQ(ErrorOf(R"({"keys":[]})", Algorithm::kHs256), "none of its 0 keys is for HS256");
}

TEST(KeySet, TheNumberOfKeysHasALimit) {
  std::string keys(kA1Key);
  for (size_t i = 1; i < kKeyTriesMax; ++i) keys += fmt::format(",{}", kA1Key);
  EXPECT_EQ(ErrorOf(Jwks(keys), Algorithm::kHs256), "read");
  keys += fmt::format(",{}", kA1Key);
  EXPECT_EQ(ErrorOf(Jwks(keys), Algorithm::kHs256),
            "it has 17 keys for HS256; at most 16 are used");
  for (size_t i = kKeyTriesMax + 1; i < kKeysMax + 1; ++i) keys += ",{}";
  EXPECT_EQ(ErrorOf(Jwks(keys), Algorithm::kHs256), "it has 101 keys; at most 100 are read");
}

}  // namespace
}  // namespace livetape::auth
