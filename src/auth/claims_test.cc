#include "auth/claims.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json/object.hpp>

#include "auth/strict_json.h"

namespace livetape::auth {
namespace {

using std::chrono::seconds;

constexpr base::WallTime kNow{seconds(1'800'000'000)};

std::expected<Claims, std::string> Read(std::string_view payload, base::WallTime now = kNow) {
  const auto object = ParseStrictObject(payload);
  EXPECT_TRUE(object) << payload;
  return ReadClaims(object.value_or(boost::json::object()), now);
}

// What is said about a payload that is right but for `members`.
std::string ReasonFor(std::string_view members) {
  const auto claims = Read(fmt::format(R"({{"exp":1800000100,{}}})", members));
  return claims ? "right" : claims.error();
}

TEST(Claims, AreRead) {
  const auto claims =
      Read(R"({"sub":"alice","exp":1800000100,"sid":"s-1","scope":"subscribe publish profile",)"
           R"("topics":["market/*","user/alice/**"],"iss":"desk"})");
  ASSERT_TRUE(claims) << claims.error();
  EXPECT_EQ(claims->subject, "alice");
  EXPECT_EQ(claims->session, "s-1");
  EXPECT_EQ(claims->expires, base::WallTime(seconds(1'800'000'100)));
  EXPECT_TRUE(claims->Has(Permission::kSubscribe));
  EXPECT_TRUE(claims->Has(Permission::kPublish));
  EXPECT_FALSE(claims->Has(Permission::kTrade));
  EXPECT_FALSE(claims->Has(Permission::kAdmin));
  EXPECT_EQ(claims->topics, (std::vector<std::string>{"market/*", "user/alice/**"}));
}

TEST(Claims, WithoutScopeAndTopicsPermitNothingAndNameNoTopics) {
  const auto claims = Read(R"({"sub":"alice","exp":1800000100})");
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->permissions, 0);
  EXPECT_EQ(claims->topics, std::nullopt);
  EXPECT_EQ(claims->session, "");
}

TEST(Claims, ScopeMayBeAList) {
  const auto claims = Read(R"({"sub":"a","exp":1800000100,"scope":["trade","admin","x y"]})");
  ASSERT_TRUE(claims);
  EXPECT_TRUE(claims->Has(Permission::kTrade));
  EXPECT_TRUE(claims->Has(Permission::kAdmin));
  EXPECT_FALSE(claims->Has(Permission::kSubscribe));
}

TEST(Claims, ScopeWordsAreWholeWords) {
  const auto claims = Read(R"({"sub":"a","exp":1800000100,"scope":"  Admin administer  trade "})");
  ASSERT_TRUE(claims);
  EXPECT_EQ(claims->permissions, static_cast<uint8_t>(Permission::kTrade));
}

TEST(Claims, WhatIsWrongIsSaid) {
  const std::string long_text(129, 'a');
  EXPECT_EQ(ReasonFor(R"("sub":"alice")"), "right");
  EXPECT_EQ(ReasonFor(R"("scope":"admin")"), "no sub");
  EXPECT_EQ(ReasonFor(R"("sub":7)"), "sub is not a string");
  EXPECT_EQ(ReasonFor(R"("sub":"")"), "sub is empty");
  EXPECT_EQ(ReasonFor(R"("sub":"a\u0000b")"), "sub has a control character");
  EXPECT_EQ(ReasonFor(R"("sub":"a\nb")"), "sub has a control character");
  EXPECT_EQ(ReasonFor(fmt::format(R"("sub":"{}")", long_text)), "sub too long");
  EXPECT_EQ(ReasonFor(fmt::format(R"("sub":"{}")", long_text.substr(1))), "right");
  EXPECT_EQ(ReasonFor(R"("sub":"a","sid":1)"), "sid is not a string");
  EXPECT_EQ(ReasonFor(fmt::format(R"("sub":"a","sid":"{}")", long_text)), "sid too long");
  EXPECT_EQ(ReasonFor(R"("sub":"a","scope":1)"), "scope is not a string");
  EXPECT_EQ(ReasonFor(R"("sub":"a","scope":[1])"), "scope is not a list of strings");
  EXPECT_EQ(ReasonFor(R"("sub":"a","topics":"market/*")"), "topics is not a list of strings");
  EXPECT_EQ(ReasonFor(R"("sub":"a","topics":[null])"), "topics is not a list of strings");
  EXPECT_EQ(ReasonFor(fmt::format(R"("sub":"a","topics":["{}"])", std::string(257, 'a'))),
            "a topic is too long");
}

TEST(Claims, ASubjectMustFitIntoATopicSegment) {
  std::string umlauts;
  for (int i = 0; i < 21; ++i) umlauts += "\u00e4";  // 6 bytes each once encoded
  EXPECT_EQ(ReasonFor(fmt::format(R"("sub":"{}")", umlauts)), "right");
  EXPECT_EQ(ReasonFor(fmt::format(R"("sub":"{}\u00e4")", umlauts)), "sub too long");
}

TEST(Claims, TopicsHaveALimit) {
  std::string topics = R"("market/*")";
  for (size_t i = 1; i < kGrantsMax; ++i) topics += R"(,"market/*")";
  EXPECT_EQ(ReasonFor(fmt::format(R"("sub":"a","topics":[{}])", topics)), "right");
  EXPECT_EQ(ReasonFor(fmt::format(R"("sub":"a","topics":[{},"b"])", topics)), "too many topics");
}

std::string ReasonAt(base::WallTime now, std::string_view times) {
  const auto claims = Read(fmt::format(R"({{"sub":"alice"{}}})", times), now);
  return claims ? "right" : claims.error();
}

TEST(Claims, ExpireAfterTheSkew) {
  constexpr std::string_view kExpires = R"(,"exp":1800000000)";
  EXPECT_EQ(ReasonAt(kNow - seconds(1), kExpires), "right");
  EXPECT_EQ(ReasonAt(kNow + seconds(59), kExpires), "right");
  EXPECT_EQ(ReasonAt(kNow + kClockSkew, kExpires), "token expired");
  EXPECT_EQ(ReasonAt(kNow, R"(,"exp":1799999940)"), "token expired");
  EXPECT_EQ(ReasonAt(kNow, R"(,"exp":1799999940.5)"), "right");
  EXPECT_EQ(ReasonAt(kNow, R"(,"exp":-1)"), "token expired");
  EXPECT_EQ(ReasonAt(kNow, ""), "no exp");
  EXPECT_EQ(ReasonAt(kNow, R"(,"exp":"1800000100")"), "exp is not a number");
  EXPECT_EQ(ReasonAt(kNow, R"(,"exp":null)"), "exp is not a number");
}

TEST(Claims, BeginBeforeTheSkew) {
  EXPECT_EQ(ReasonAt(kNow, R"(,"exp":1800000100,"nbf":1800000060)"), "right");
  EXPECT_EQ(ReasonAt(kNow, R"(,"exp":1800000100,"nbf":1800000061)"), "token not yet valid");
  EXPECT_EQ(ReasonAt(kNow, R"(,"exp":1800000100,"iat":1800000060)"), "right");
  EXPECT_EQ(ReasonAt(kNow, R"(,"exp":1800000100,"iat":1800000061)"), "token issued in the future");
  EXPECT_EQ(ReasonAt(kNow, R"(,"exp":1800000100,"nbf":true)"), "nbf is not a number");
}

TEST(Claims, TimesBeyondEveryClockAreFarAway) {
  for (const std::string_view exp :
       {"99999999999", "9223372036854775807", "18446744073709551615", "1e300"}) {
    const auto claims = Read(fmt::format(R"({{"sub":"alice","exp":{}}})", exp));
    ASSERT_TRUE(claims) << exp;
    EXPECT_GT(claims->expires, kNow + std::chrono::years(200));
    EXPECT_GT(claims->expires + kClockSkew, claims->expires);
  }
}

}  // namespace
}  // namespace livetape::auth
