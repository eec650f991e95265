#include "api/paper/account_change.h"

#include <gtest/gtest.h>

namespace livetape::api {
namespace {

using Kind = AccountChange::Kind;

base::Result<AccountChange> RoundTrip(const AccountChange& change) {
  const tape::NewRecord made = AccountChangeRecord(change);
  EXPECT_EQ(made.topic, "");
  return ParseAccountChange(
      {.seq = 1, .time = {}, .kind = made.kind, .topic = "", .type = made.type, .data = made.data});
}

AccountProfile Bob() {
  AccountProfile bob;
  bob.name = "bob";
  bob.key_id = "PK1";
  bob.secret_hash = "abc";
  bob.owner = "bob \"the\" \n trader";
  bob.settings.cash = base::Amount::From(*base::Decimal::Parse("2500.5"));
  bob.settings.fees.rate = *base::Decimal::Parse("0.002");
  bob.settings.fees.per_share = *base::Decimal::Parse("0.005");
  bob.settings.fees.minimum = *base::Decimal::Parse("1");
  bob.settings.slippage_bps = *base::Decimal::Parse("2.5");
  bob.settings.multiplier = 4;
  bob.configured_multiplier = 2;
  bob.settings.no_shorting = bob.settings.trading_suspended = true;
  return bob;
}

TEST(AccountChange, AnOpeningComesBackAsItWas) {
  const base::WallTime time{std::chrono::nanoseconds(1'795'000'000'123'456'789)};
  const auto again = RoundTrip({.kind = Kind::kOpen, .time = time, .profile = Bob()});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->kind, Kind::kOpen);
  EXPECT_EQ(again->time, time);
  EXPECT_EQ(ProfileJson(again->profile), ProfileJson(Bob()));
  EXPECT_EQ(again->profile.owner, Bob().owner);
  EXPECT_EQ(again->profile.settings.multiplier, 4);
  EXPECT_EQ(again->profile.configured_multiplier, 2);
  EXPECT_TRUE(again->profile.settings.no_shorting);
}

TEST(AccountChange, StatesAndResetsCarryTheNameAlone) {
  AccountChange change{.kind = Kind::kState, .time = {}, .profile = {}};
  change.profile.name = "bob";
  change.state = floor::AccountState::kReducing;
  auto again = RoundTrip(change);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->state, floor::AccountState::kReducing);
  EXPECT_EQ(again->profile.name, "bob");
  change.kind = Kind::kReset;
  again = RoundTrip(change);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->kind, Kind::kReset);
}

TEST(AccountChange, RiskKeepsWhatIsBrokenAndEveryBitOfTheValue) {
  AccountChange change{.kind = Kind::kRisk, .time = {}, .profile = {}};
  change.profile.name = "bob";
  change.risk = {.broken = 9, .exceedances = 3, .roll_var = 0.1 / 3};
  auto again = RoundTrip(change);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->risk, change.risk);
  EXPECT_EQ(again->profile.name, "bob");
  change.risk.roll_var.reset();
  EXPECT_EQ(RoundTrip(change)->risk, change.risk);
  change.risk.broken = 64;
  EXPECT_FALSE(RoundTrip(change));
}

TEST(AccountChange, DamageNamesTheField) {
  const auto fault = [](std::string data) {
    const auto parsed = ParseAccountChange({.seq = 1,
                                            .time = {},
                                            .kind = tape::RecordKind::kAccountChange,
                                            .topic = "",
                                            .type = "",
                                            .data = std::move(data)});
    return parsed ? "" : parsed.error().message;
  };
  EXPECT_EQ(fault("["), "an account's record is no JSON object");
  EXPECT_EQ(fault(R"({"change":"sold","at":"1","name":"b"})"),
            "an account's record: change is unknown");
  EXPECT_EQ(fault(R"({"change":"reset","at":"now","name":"b"})"),
            "an account's record: at is no whole number");
  EXPECT_EQ(fault(R"({"change":"open","at":"1","name":"b"})"),
            "an account's record: key_id is no text");
}

}  // namespace
}  // namespace livetape::api
