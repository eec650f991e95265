#include "auth/token_signer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "auth/base64.h"
#include "auth/testing_folder.h"
#include "auth/testing_keys.h"

namespace livetape::auth {
namespace {

constexpr base::WallTime kNow{std::chrono::seconds(1'799'990'000)};

TEST(TokenSigner, SignsAsOthersDo) {
  const auto signer = TokenSigner::FromText(kSecret, Algorithm::kHs256);
  ASSERT_TRUE(signer);
  EXPECT_EQ(signer->SignText(R"({"alg":"HS256","typ":"JWT"})",
                             R"({"sub":"alice","exp":1800000000,"sid":"s-1",)"
                             R"("scope":"subscribe publish"})"),
            kHs256Token);
}

TEST(TokenSigner, LeavesOutWhatIsEmpty) {
  const auto signer = TokenSigner::FromText(kSecret, Algorithm::kHs256);
  ASSERT_TRUE(signer);
  Claims claims;
  claims.subject = "alice";
  claims.expires = kNow + std::chrono::milliseconds(3'600'500);
  const std::string token = signer->Sign(claims, kNow);
  const std::string payload =
      token.substr(token.find('.') + 1, token.rfind('.') - token.find('.') - 1);
  EXPECT_EQ(DecodeBase64Url(payload), R"({"sub":"alice","iat":1799990000,"exp":1799993600})");
}

TEST(TokenSigner, NeedsAKeyThatCanSign) {
  const auto error = [](std::string_view key, Algorithm algorithm) {
    const auto signer = TokenSigner::FromText(key, algorithm);
    return signer ? "signs" : signer.error().message;
  };
  EXPECT_EQ(error(kRsaPrivatePem, Algorithm::kRs256), "signs");
  EXPECT_EQ(error(kEcPrivatePem, Algorithm::kEs256), "signs");
  EXPECT_EQ(error("short", Algorithm::kHs256),
            "the HS256 secret has 5 bytes; it needs at least 32");
  EXPECT_EQ(error(kEcPrivatePem, Algorithm::kRs256),
            "RS256 needs an RSA key, and this key is of another kind");
  EXPECT_EQ(error(kRsaPublicPem, Algorithm::kRs256),
            "there is no private key in it; it must hold one PEM block '-----BEGIN PRIVATE "
            "KEY-----' without a passphrase");
}

TEST(TokenSigner, AKeyFileThatCannotSignIsNamed) {
  const TestingFolder folder;
  const auto file = folder.Write("k", kEcPublicPem);
  const auto signer = TokenSigner::FromFile(file, Algorithm::kEs256);
  ASSERT_FALSE(signer);
  EXPECT_TRUE(signer.error().message.starts_with(
      fmt::format("{} cannot sign with ES256: there is no private key", file.string())))
      << signer.error().message;
}

}  // namespace
}  // namespace livetape::auth
