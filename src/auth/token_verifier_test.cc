#include "auth/token_verifier.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "auth/base64.h"
#include "auth/testing_folder.h"
#include "auth/testing_keys.h"
#include "auth/token_signer.h"

namespace livetape::auth {
namespace {

using std::chrono::seconds;

constexpr base::WallTime kExpires{seconds(1'800'000'000)};
constexpr base::WallTime kNow = kExpires - std::chrono::hours(1);
constexpr std::string_view kPayload = R"({"sub":"alice","exp":1800000000})";

TokenVerifier VerifierOf(std::string_view key, Algorithm algorithm) {
  KeySet set;
  auto read = algorithm == Algorithm::kHs256 ? VerificationKey::Secret(ReadSecret(key).value())
                                             : VerificationKey::PublicPem(key, algorithm);
  set.keys.emplace_back("", read.value());
  return TokenVerifier(std::move(set));
}

TokenSigner SignerOf(std::string_view key, Algorithm algorithm) {
  return TokenSigner::FromText(key, algorithm).value();
}

std::string Answer(const TokenVerifier& verifier, std::string_view token,
                   base::WallTime now = kNow) {
  const auto claims = verifier.Verify(token, now);
  return claims ? claims->subject : claims.error();
}

class TokenVerifierTest : public testing::Test {
 protected:
  const TokenVerifier hs_ = VerifierOf(kSecret, Algorithm::kHs256);
  const TokenVerifier rs_ = VerifierOf(kRsaPublicPem, Algorithm::kRs256);
  const TokenVerifier es_ = VerifierOf(kEcPublicPem, Algorithm::kEs256);
  const TokenSigner signer_ = SignerOf(kSecret, Algorithm::kHs256);
};

TEST_F(TokenVerifierTest, BelievesTokensMadeElsewhere) {
  Claims alice;
  alice.subject = "alice";
  alice.session = "s-1";
  alice.expires = kExpires;
  alice.permissions = 3;
  EXPECT_EQ(hs_.Verify(kHs256Token, kNow), alice);
  EXPECT_EQ(rs_.Verify(kRs256Token, kNow), alice);
  EXPECT_EQ(es_.Verify(kEs256Token, kNow), alice);
}

TEST_F(TokenVerifierTest, BelievesWhatWeSign) {
  Claims claims;
  claims.subject = "b\"o\\b \u00e4";
  claims.session = "s/2";
  claims.expires = kExpires;
  claims.permissions = 15;
  claims.topics = {"market/*", "**"};
  EXPECT_EQ(hs_.Verify(signer_.Sign(claims, kNow), kNow), claims);
  EXPECT_EQ(rs_.Verify(SignerOf(kRsaPrivatePem, Algorithm::kRs256).Sign(claims, kNow), kNow),
            claims);
  const TokenSigner es = SignerOf(kEcPrivatePem, Algorithm::kEs256);
  for (int round = 0; round < 50; ++round) {  // r and s are short now and then
    EXPECT_EQ(es_.Verify(es.Sign(claims, kNow), kNow), claims);
  }
}

TEST_F(TokenVerifierTest, TheHeaderDoesNotChooseTheAlgorithm) {
  EXPECT_EQ(Answer(hs_, kRs256Token), "wrong algorithm");
  EXPECT_EQ(Answer(rs_, kEs256Token), "wrong algorithm");
  EXPECT_EQ(Answer(es_, kHs256Token), "wrong algorithm");
  for (const std::string_view header :
       {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":"HS512"})", R"({"alg":"hs256"})",
        R"({"alg":["HS256"]})", R"({"alg":null})", R"({"typ":"JWT"})"}) {
    EXPECT_EQ(Answer(hs_, signer_.SignText(header, kPayload)), "wrong algorithm") << header;
  }
}

TEST_F(TokenVerifierTest, NoSignatureIsABadOne) {
  const std::string none =
      EncodeBase64Url(R"({"alg":"none"})") + "." + EncodeBase64Url(kPayload) + ".";
  EXPECT_EQ(Answer(hs_, none), "wrong algorithm");
  const std::string empty =
      EncodeBase64Url(R"({"alg":"HS256"})") + "." + EncodeBase64Url(kPayload) + ".";
  EXPECT_EQ(Answer(hs_, empty), "bad signature");
}

TEST_F(TokenVerifierTest, ThePublicKeyIsNoSecret) {
  const TokenSigner forger =
      SignerOf("base64:" + EncodeBase64Url(kRsaPublicPem), Algorithm::kHs256);
  EXPECT_EQ(Answer(rs_, forger.SignText(R"({"alg":"HS256"})", kPayload)), "wrong algorithm");
  EXPECT_EQ(Answer(rs_, forger.SignText(R"({"alg":"RS256"})", kPayload)), "bad signature");
}

TEST_F(TokenVerifierTest, AnotherKeysSignatureIsABadOne) {
  const TokenSigner other = SignerOf("another secret of more than 32 bytes", Algorithm::kHs256);
  EXPECT_EQ(Answer(hs_, other.SignText(R"({"alg":"HS256"})", kPayload)), "bad signature");
}

TEST_F(TokenVerifierTest, NoByteCanBeChangedUnnoticed) {
  for (const auto& [verifier, text] :
       {std::pair(&hs_, kHs256Token), std::pair(&es_, kEs256Token)}) {
    ASSERT_EQ(Answer(*verifier, text), "alice");
    for (size_t at = 0; at < text.size(); ++at) {
      for (const char with : {'A', 'B', '_', '.', '=', '\0'}) {
        std::string token(text);
        if (token[at] == with) continue;
        token[at] = with;
        EXPECT_NE(Answer(*verifier, token), "alice") << at << " with " << with;
      }
    }
  }
}

TEST_F(TokenVerifierTest, ATruncatedTokenIsNone) {
  for (const std::string_view whole : {kHs256Token, kRs256Token, kEs256Token}) {
    for (size_t size = 0; size < whole.size(); ++size) {
      for (const TokenVerifier* verifier : {&hs_, &es_}) {
        EXPECT_NE(Answer(*verifier, whole.substr(0, size)), "alice") << size;
      }
    }
  }
  EXPECT_EQ(Answer(rs_, kRs256Token.substr(0, kRs256Token.size() - 2)), "bad signature");
}

TEST_F(TokenVerifierTest, MalformedTokensAreSaidToBe) {
  EXPECT_EQ(Answer(hs_, ""), "malformed token");
  EXPECT_EQ(Answer(hs_, "a.b"), "malformed token");
  EXPECT_EQ(Answer(hs_, fmt::format("{}.x", kHs256Token)), "malformed token");
  EXPECT_EQ(Answer(hs_, "..."), "malformed token");
  EXPECT_EQ(Answer(hs_, ".."), "malformed header");
  EXPECT_EQ(Answer(hs_, fmt::format(" {}", kHs256Token)), "malformed header");
  EXPECT_EQ(Answer(hs_, fmt::format("{}=", kHs256Token)), "malformed signature");
  EXPECT_EQ(Answer(hs_, signer_.SignText(R"({"alg":"HS256","alg":"HS256"})", kPayload)),
            "malformed header");
}

TEST_F(TokenVerifierTest, SignedNonsenseIsRefusedToo) {
  constexpr std::string_view kHeader = R"({"alg":"HS256"})";
  for (const std::string& payload :
       {std::string("[]"), std::string("{"), std::string(),
        std::string(R"({"sub":"alice","sub":"bob","exp":1800000000})"),
        R"({"exp":1800000000,"sub":)" + std::string(1000, '[') + std::string(1000, ']') + "}",
        std::string("{\"sub\":\"\xff\",\"exp\":1800000000}")}) {
    EXPECT_EQ(Answer(hs_, signer_.SignText(kHeader, payload)), "malformed payload") << payload;
  }
  EXPECT_EQ(Answer(hs_, signer_.SignText(kHeader, R"({"exp":1800000000})")), "no sub");
  EXPECT_EQ(Answer(hs_, signer_.SignText(kHeader, R"({"sub":"alice"})")), "no exp");
}

TEST_F(TokenVerifierTest, AnUnknownCriticalHeaderIsRefused) {
  EXPECT_EQ(
      Answer(hs_, signer_.SignText(R"({"alg":"HS256","crit":["b64"],"b64":false})", kPayload)),
      "unknown critical header");
}

TEST_F(TokenVerifierTest, TokensExpire) {
  EXPECT_EQ(Answer(hs_, kHs256Token, kExpires + seconds(59)), "alice");
  EXPECT_EQ(Answer(hs_, kHs256Token, kExpires + seconds(60)), "token expired");
}

TEST_F(TokenVerifierTest, SizeHasALimit) {
  const std::string padding(6000, 'a');
  const std::string token = signer_.SignText(
      R"({"alg":"HS256"})", fmt::format(R"({{"sub":"alice","exp":1800000000,"x":"{}"}})", padding));
  ASSERT_GT(token.size(), 8000u);
  ASSERT_LE(token.size(), kTokenBytesMax);
  EXPECT_EQ(Answer(hs_, token), "alice");
  EXPECT_EQ(Answer(hs_, token + std::string(kTokenBytesMax, 'a')), "token too long");
}

TEST_F(TokenVerifierTest, KidChoosesAmongKeysThatHaveOne) {
  const std::string old_secret(32, 'o');
  const std::string new_secret(32, 'n');
  KeySet set;
  set.keys.emplace_back("old", VerificationKey::Secret(old_secret).value());
  set.keys.emplace_back("new", VerificationKey::Secret(new_secret).value());
  const TokenVerifier verifier(std::move(set));
  const TokenSigner by_new = SignerOf(new_secret, Algorithm::kHs256);
  EXPECT_EQ(Answer(verifier, by_new.SignText(R"({"alg":"HS256","kid":"new"})", kPayload)), "alice");
  EXPECT_EQ(Answer(verifier, by_new.SignText(R"({"alg":"HS256"})", kPayload)), "alice");
  EXPECT_EQ(Answer(verifier, by_new.SignText(R"({"alg":"HS256","kid":"old"})", kPayload)),
            "bad signature");
  EXPECT_EQ(Answer(verifier, by_new.SignText(R"({"alg":"HS256","kid":"other"})", kPayload)),
            "unknown key");
  EXPECT_EQ(Answer(verifier, by_new.SignText(R"({"alg":"HS256","kid":["new"]})", kPayload)),
            "kid is not a string");
  // Where the one key has no name, the token's is no matter.
  EXPECT_EQ(Answer(hs_, signer_.SignText(R"({"alg":"HS256","kid":"x"})", kPayload)), "alice");
}

class ReloadTest : public testing::Test {
 protected:
  std::string Token(std::string_view secret) const {
    return SignerOf(secret, Algorithm::kHs256).SignText(R"({"alg":"HS256"})", kPayload);
  }

  const std::string old_ = std::string(32, 'o') + "!";
  const std::string new_ = std::string(32, 'n') + "!";
  const TestingFolder folder_;
};

TEST_F(ReloadTest, ANewFileBringsNewKeys) {
  const auto verifier = TokenVerifier::Open({.file = folder_.Write("k", old_)}).value();
  EXPECT_EQ(verifier->ReloadIfChanged(), false);
  EXPECT_EQ(Answer(*verifier, Token(old_)), "alice");
  folder_.Write("k", new_);
  EXPECT_EQ(Answer(*verifier, Token(old_)), "alice");
  EXPECT_EQ(verifier->ReloadIfChanged(), true);
  EXPECT_EQ(Answer(*verifier, Token(old_)), "bad signature");
  EXPECT_EQ(Answer(*verifier, Token(new_)), "alice");
  EXPECT_EQ(verifier->ReloadIfChanged(), false);
}

TEST_F(ReloadTest, ABrokenFileIsToldOnceAndTheOldKeysStay) {
  const auto verifier = TokenVerifier::Open({.file = folder_.Write("k", old_)}).value();
  const auto file = folder_.Write("k", "short");
  const auto broken = verifier->ReloadIfChanged();
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().message,
            fmt::format("{} gives no key for HS256: the HS256 secret has 5 bytes; it needs at "
                        "least 32; the keys read before stay in use",
                        file.string()));
  EXPECT_EQ(Answer(*verifier, Token(old_)), "alice");
  EXPECT_EQ(verifier->ReloadIfChanged(), false);
  folder_.Write("k", new_);
  EXPECT_EQ(verifier->ReloadIfChanged(), true);
  EXPECT_EQ(Answer(*verifier, Token(new_)), "alice");
}

TEST_F(ReloadTest, AFileThatIsGoneIsToldOnce) {
  const auto file = folder_.Write("k", old_);
  const auto verifier = TokenVerifier::Open({.file = file}).value();
  std::filesystem::remove(file);
  EXPECT_FALSE(verifier->ReloadIfChanged());
  EXPECT_EQ(verifier->ReloadIfChanged(), false);
  EXPECT_EQ(Answer(*verifier, Token(old_)), "alice");
}

TEST_F(ReloadTest, AnUnreadableFileIsAnErrorAtTheStart) {
  const auto verifier = TokenVerifier::Open({.file = folder_ / "none"});
  ASSERT_FALSE(verifier);
}

TEST_F(ReloadTest, OthersVerifyMeanwhile) {
  const auto verifier = TokenVerifier::Open({.file = folder_.Write("k", old_)}).value();
  std::atomic<bool> stop = false;
  std::jthread reader([this, &verifier, &stop] {
    const std::string old_token = Token(old_);
    const std::string new_token = Token(new_);
    while (!stop) {
      for (const std::string& token : {old_token, new_token}) {
        const std::string answer = Answer(*verifier, token);
        EXPECT_TRUE(answer == "alice" || answer == "bad signature") << answer;
      }
    }
  });
  for (int round = 0; round < 100; ++round) {
    folder_.Write("k", round % 2 == 0 ? new_ : old_ + "x");
    EXPECT_TRUE(verifier->ReloadIfChanged());
  }
  stop = true;
}

}  // namespace
}  // namespace livetape::auth
