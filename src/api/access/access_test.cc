#include "api/access/access.h"

#include <gtest/gtest.h>

#include "auth/token_signer.h"
#include "base/time_text.h"

namespace livetape::api {
namespace {

using auth::Permission;

constexpr std::string_view kSecret = "raw:a secret of thirty-two bytes or so";

class AccessTest : public testing::Test {
 protected:
  AccessTest() : verifier_(Keys()) {}

  static auth::KeySet Keys() {
    auth::KeySet keys;
    auto key = auth::VerificationKey::Secret(std::string(kSecret.substr(4)));
    EXPECT_TRUE(key.has_value());
    keys.keys.push_back({"", *std::move(key)});
    return keys;
  }
  std::string TokenOf(std::string subject, uint8_t permissions, std::string session = "") const {
    auth::Claims claims;
    claims.subject = std::move(subject);
    claims.session = std::move(session);
    claims.permissions = permissions;
    claims.expires = clock_.Wall() + std::chrono::hours(1);
    return auth::TokenSigner::FromText(kSecret, auth::Algorithm::kHs256)
        ->Sign(claims, clock_.Wall());
  }
  http::Request With(std::string name, std::string value) const {
    http::Request request;
    request.headers.Add(std::move(name), std::move(value));
    return request;
  }
  // The subject that is let in, or the status that is not.
  std::string Admit(const http::Request& request, Permission permission = Permission::kSubscribe,
                    Access::Token token = Access::Token::kWhereConfigured) const {
    const auto caller = access_.Admit(request, permission, token);
    return caller ? std::string(caller->subject()) : std::to_string(caller.error().status);
  }

  base::ManualClock clock_{*base::ParseRfc3339("2026-11-20T12:00:00Z")};
  config::AuthConfig config_;
  auth::TokenVerifier verifier_;
  auth::RevokedSessions revoked_;
  const Access access_{config_, verifier_, revoked_, clock_};
  const std::string alice_ = TokenOf("alice", static_cast<uint8_t>(Permission::kSubscribe), "s1");
};

TEST_F(AccessTest, WithoutAuthNobodyNeedsAToken) {
  EXPECT_EQ(Admit({}), "");
  EXPECT_EQ(Admit({}, Permission::kAdmin), "");
  EXPECT_EQ(Admit({}, Permission::kSubscribe, Access::Token::kAlways), "401");
}

TEST_F(AccessTest, WithAuthEverybodyDoes) {
  config_.mode = config::AuthMode::kJwt;
  EXPECT_EQ(Admit({}), "401");
  EXPECT_EQ(Admit(With("Authorization", "Bearer " + alice_)), "alice");
  EXPECT_EQ(Admit(With("Authorization", "Bearer " + alice_), Permission::kPublish), "403");
}

TEST_F(AccessTest, TokenMayComeThreeWays) {
  EXPECT_EQ(Admit(With("Authorization", "bearer   " + alice_)), "alice");
  EXPECT_EQ(Admit(With("Cookie", "a=b; livetape_token=" + alice_ + "; c=d")), "alice");
  http::Request query;
  query.query = http::Query::Parse("token=" + alice_);
  EXPECT_EQ(Admit(query), "alice");
}

TEST_F(AccessTest, AnotherSchemeIsNoToken) {
  EXPECT_EQ(Admit(With("Authorization", "Basic YTpi")), "");
  EXPECT_EQ(Admit(With("Authorization", "Bearer")), "");
}

TEST_F(AccessTest, CookieOfAForeignPageProvesNothing) {
  http::Request request = With("Cookie", "livetape_token=" + alice_);
  request.foreign_origin = true;
  EXPECT_EQ(Admit(request), "");
  EXPECT_EQ(Admit(request, Permission::kSubscribe, Access::Token::kAlways), "401");
}

TEST_F(AccessTest, BadTokenIsRefusedEvenWhereNoneIsNeeded) {
  const auto refused = access_.Admit(With("Authorization", "Bearer x.y.z"), Permission::kSubscribe);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 401U);
  const auto challenge = refused.error().headers.Find("WWW-Authenticate");
  ASSERT_TRUE(challenge);
  EXPECT_TRUE(challenge->starts_with("Bearer error=\"invalid_token\", error_description=\""))
      << *challenge;
}

TEST_F(AccessTest, RevokedSessionIsOut) {
  EXPECT_TRUE(revoked_.Add("s1"));
  EXPECT_EQ(Admit(With("Authorization", "Bearer " + alice_)), "401");
}

TEST_F(AccessTest, OnlyOwnUsersTopicsAreReadable) {
  const auto patterns = [](std::string_view text) {
    return std::vector{*hub::TopicPattern::Parse(text)};
  };
  const auto alice =
      *access_.Admit(With("Authorization", "Bearer " + alice_), Permission::kSubscribe);
  EXPECT_FALSE(access_.Refuse(alice, patterns("user/alice/*")));
  const auto refused = access_.Refuse(alice, patterns("user/bob/*"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 403U);
  EXPECT_NE(refused->body.find("user/bob/*"), std::string::npos);
  EXPECT_TRUE(access_.Refuse(Caller{}, patterns("**")));
  EXPECT_FALSE(access_.Refuse(Caller{}, patterns("market/*")));
}

}  // namespace
}  // namespace livetape::api
