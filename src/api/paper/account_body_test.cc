#include "api/paper/account_body.h"

#include <gtest/gtest.h>

namespace livetape::api {
namespace {

AccountProfile Usual() {
  AccountProfile usual;
  usual.name = "paper";
  usual.key_id = "k";
  usual.secret_hash = "h";
  usual.owner = "alice";
  usual.settings.cash = base::Amount::From(*base::Decimal::Parse("100000"));
  usual.settings.fees.rate = *base::Decimal::Parse("0.002");
  return usual;
}

std::string FaultOf(std::string_view body) {
  const auto parsed = ParseAccountBody(body, Usual());
  return parsed ? "" : parsed.error().detail;
}

TEST(AccountBody, WhatIsMissingIsAsUsual) {
  const auto profile = ParseAccountBody(R"({"name":"bob"})", Usual());
  ASSERT_TRUE(profile) << profile.error().detail;
  EXPECT_EQ(profile->name, "bob");
  EXPECT_EQ(profile->settings.cash.ToString(), "100000");
  EXPECT_EQ(profile->settings.fees.rate.ToString(), "0.002");
  EXPECT_EQ(profile->settings.multiplier, 2);
  EXPECT_EQ(profile->key_id + profile->secret_hash + profile->owner, "");
}

TEST(AccountBody, NumbersMayBeStrings) {
  const auto profile = ParseAccountBody(
      R"({"name":"b","cash":"2500.50","fee":0.01,"fee_per_share":"0.005","fee_min":1,)"
      R"("slippage_bps":2.5,"multiplier":4,"owner":"bob"})",
      Usual());
  ASSERT_TRUE(profile) << profile.error().detail;
  EXPECT_EQ(profile->settings.cash.ToString(), "2500.5");
  EXPECT_EQ(profile->settings.fees.rate.ToString(), "0.01");
  EXPECT_EQ(profile->settings.fees.per_share.ToString(), "0.005");
  EXPECT_EQ(profile->settings.fees.minimum.ToString(), "1");
  EXPECT_EQ(profile->settings.slippage_bps.ToString(), "2.5");
  EXPECT_EQ(profile->settings.multiplier, 4);
  EXPECT_EQ(profile->owner, "bob");
}

TEST(AccountBody, FaultsNameTheFieldAndWhatIsRight) {
  EXPECT_EQ(FaultOf("[]"), "the body: expected an object, got an array");
  EXPECT_NE(FaultOf("{}").find("name must be 1 to 64 of"), std::string::npos);
  EXPECT_EQ(FaultOf(R"({"name":"b","owner":"bob","owner":"eve"})"), "owner is given twice");
  EXPECT_NE(FaultOf(R"({"name":"a b"})").find("name must be"), std::string::npos);
  EXPECT_NE(FaultOf(R"({"name":"b","cash":0})").find("cash must be over 0"), std::string::npos);
  EXPECT_NE(FaultOf(R"({"name":"b","cash":"1e16"})").find("at most"), std::string::npos);
  EXPECT_NE(FaultOf(R"({"name":"b","cash":true})").find("must be a number"), std::string::npos);
  EXPECT_NE(FaultOf(R"({"name":"b","fee":-1})").find("fee must be from 0 to 1"), std::string::npos);
  EXPECT_NE(FaultOf(R"({"name":"b","fee":2})").find("fee must be from 0 to 1"), std::string::npos);
  EXPECT_NE(FaultOf(R"({"name":"b","multiplier":3})").find("1, 2 or 4"), std::string::npos);
  EXPECT_NE(FaultOf(R"({"name":"b","slippage_bps":10000})").find("slippage_bps"),
            std::string::npos);
  EXPECT_NE(FaultOf(R"({"name":"b","coffee":1})").find("coffee is unknown; there are name"),
            std::string::npos);
}

TEST(StateBody, KnowsThreeStates) {
  EXPECT_EQ(ParseStateBody(R"({"state":"HALTED"})"), floor::AccountState::kHalted);
  EXPECT_EQ(ParseStateBody(R"({"state":"REDUCING"})"), floor::AccountState::kReducing);
  EXPECT_EQ(ParseStateBody(R"({"state":"ACTIVE"})"), floor::AccountState::kActive);
  EXPECT_FALSE(ParseStateBody(R"({"state":"halted"})"));
  EXPECT_FALSE(ParseStateBody("{}"));
  EXPECT_FALSE(ParseStateBody(R"({"state":"ACTIVE","state":"HALTED"})"));
  EXPECT_EQ(ParseStateBody(R"({"state":"ACTIVE","until":"noon"})").error().field, "until");
}

}  // namespace
}  // namespace livetape::api
