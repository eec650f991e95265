// What happens at the limits of an account.

#include <limits>

#include "floor/account_fixture.h"

namespace livetape::floor {
namespace {

TEST_F(AccountTest, QuantitiesAndPricesHaveLimits) {
  EXPECT_TRUE(CanTrade("9000000000", "0.000000001"));
  EXPECT_FALSE(CanTrade("9000000000.000000001", "0.000000001"));
  EXPECT_TRUE(CanTrade("1000000", "1000000000"));
  EXPECT_FALSE(CanTrade("1000000.000000001", "1000000000")) << "notional over 10^15";
  EXPECT_FALSE(CanTrade("0.000000001", "1000000000.000000001"));
  EXPECT_FALSE(CanTrade("0", "1"));
  EXPECT_FALSE(CanTrade("1", "0"));
}

TEST_F(AccountTest, PositionsHaveALimit) {
  Trade("9000000000", "0.0001");
  EXPECT_FALSE(CanTrade("0.000000001", "0.0001"));
  EXPECT_TRUE(CanTrade("-9000000000", "0.0001"));
  Trade("-9000000000", "0.0002");
  EXPECT_EQ(Realized(), "900000");
  Trade("-9000000000", "0.0001");
  EXPECT_FALSE(CanTrade("-0.000000001", "0.0001"));
}

TEST_F(AccountTest, InstrumentsHaveALimit) {
  for (uint32_t i = 0; i < kPositionsMax; ++i) {
    account_.Take(InstrumentId(i), Side::kBuy, Q("1"), P("1"));
  }
  EXPECT_FALSE(CanTrade("1", "1", kPositionsMax));
  EXPECT_TRUE(CanTrade("1", "1", kPositionsMax - 1)) << "more of what is there";
  Trade("-1", "1", 17);
  EXPECT_TRUE(CanTrade("1", "1", kPositionsMax));
}

TEST_F(AccountTest, MoneyHasALimit) {
  uint32_t fills = 0;
  while (CanTrade("1000000", "1000000000", fills / 8000)) {
    Trade("1000000", "1000000000", fills / 8000);
    ++fills;
  }
  EXPECT_EQ(fills, 1000U) << "10^15 each, 10^18 of costs";
  EXPECT_EQ(account_.cash().ToString(), "-999999999999900000");
  EXPECT_FALSE(CanTrade("-1000000", "1000000000", 1)) << "neither as a short";
  EXPECT_TRUE(CanTrade("-1000000", "1000000000"));
}

TEST_F(AccountTest, ProfitHasALimit) {
  // Bought for next to nothing, sold at the highest price, 10^15 a fill.
  int fills = 0;
  Trade("9000000000", "0.000000001");
  while (CanTrade("-1000000", "1000000000")) {
    Trade("-1000000", "1000000000");
    ++fills;
  }
  EXPECT_EQ(fills, 999) << "10^18, less what it began with";
  EXPECT_LE(account_.realized(), kMoneyMax);
  EXPECT_LE(account_.cash(), kMoneyMax);
}

TEST_F(AccountTest, FeesBeyondAllMoneyMakeNoFill) {
  settings_.fees = {.rate = *Decimal::Parse("1"),
                    .per_share = Decimal::FromUnits(std::numeric_limits<int64_t>::max()),
                    .minimum = {}};
  Open();
  EXPECT_TRUE(CanTrade("1", "1"));
  EXPECT_FALSE(CanTrade("9000000000", "0.0001"));
}

TEST_F(AccountTest, ValuesBeyondTheRangeStayAtItsEnds) {
  const uint32_t last = 30;
  for (uint32_t i = 3; i <= last; ++i) board_.Add();
  for (uint32_t i = 0; i <= last; ++i) {
    Trade(i % 3 == 0 ? "-9000000000" : "9000000000", "0.0001", i);
    Mark("9223372036", i);
  }
  account_.Sample(board_);
  const Valuation value = account_.Value(board_);
  EXPECT_EQ(value.long_value, kAmountEnd);
  EXPECT_EQ(value.short_value, Negated(kAmountEnd));
  EXPECT_EQ(value.gross, kAmountEnd);
  EXPECT_GE(account_.BuyingPower(value).units(), 0);
  account_.RollDay(board_);
  EXPECT_TRUE(account_.Sound());
  Trade("-4500000000", "0.0001", 1);
  EXPECT_TRUE(account_.Sound());
}

TEST(AccountSettings, HaveLimits) {
  AccountSettings settings;
  settings.cash = kNotionalMax;
  EXPECT_TRUE(WithinLimits(settings));
  for (const int multiplier : {0, 3, 5, -1}) {
    settings.multiplier = multiplier;
    EXPECT_FALSE(WithinLimits(settings)) << multiplier;
  }
  settings.multiplier = 4;
  settings.fees.rate = *base::Decimal::Parse("1.000000001");
  EXPECT_FALSE(WithinLimits(settings));
  settings.fees.rate = *base::Decimal::Parse("1");
  EXPECT_TRUE(WithinLimits(settings));
  settings.cash = base::Amount::FromUnits(kNotionalMax.units() + 1);
  EXPECT_FALSE(WithinLimits(settings));
}

}  // namespace
}  // namespace livetape::floor
