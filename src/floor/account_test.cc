#include <limits>

#include "floor/account_fixture.h"

namespace livetape::floor {
namespace {

// --- known answers: average cost

TEST_F(AccountTest, AverageCostWithProportionalFee) {
  settings_.fees.rate = *Decimal::Parse("0.0001");
  Open();
  Trade("12", "100");
  Trade("17", "99");
  EXPECT_EQ(Realized(), "-0.2883");
  EXPECT_EQ(Holding(), "29 2883 99.41379310344828");
  Trade("-9", "101");
  EXPECT_EQ(Realized(), "13.896662068965517241");
  Trade("-4", "105");
  EXPECT_EQ(Realized(), "36.199489655172413793");
  Trade("3", "103");
  EXPECT_EQ(Realized(), "36.168589655172413793");
  EXPECT_EQ(Holding(), "19 1899.620689655172413793 99.98003629764065");
}

TEST_F(AccountTest, ReducingKeepsTheAverage) {
  Trade("100", "10");
  Trade("100", "15");
  EXPECT_EQ(Holding(), "200 2500 12.5");
  Trade("-50", "12");
  EXPECT_EQ(Realized(), "-25");
  EXPECT_EQ(Holding(), "150 1875 12.5");
  Trade("-100", "20");
  EXPECT_EQ(Realized(), "725");
  Trade("-50", "5");
  EXPECT_EQ(Realized(), "350");
  EXPECT_EQ(Holding(), "flat");
}

TEST_F(AccountTest, FeesAreRealizedByTheFillThatPaysThem) {
  settings_.fees.rate = *Decimal::Parse("0.0025");
  Open();
  Trade("100", "10");
  EXPECT_EQ(Realized(), "-2.5");
  Trade("100", "15");
  Trade("-50", "12");
  Trade("-100", "20");
  Trade("-50", "5");
  EXPECT_EQ(Realized(), "336.625");
  EXPECT_EQ(account_.cash().ToString(), "100336.625");
}

TEST_F(AccountTest, CrossingClosesAndOpensTheRestWithOneFee) {
  settings_.fees.per_share = *Decimal::Parse("0.000015");
  Open();
  EXPECT_EQ(Trade("100000", "0.75").fee.ToString(), "1.5");
  EXPECT_EQ(Realized(), "-1.5");
  const Account::Effect crossing = Trade("-150000", "0.7502");
  EXPECT_EQ(crossing.fee.ToString(), "2.25");
  EXPECT_EQ(crossing.realized.ToString(), "17.75");
  EXPECT_EQ(crossing.position.ToString(), "-50000");
  EXPECT_EQ(Realized(), "16.25");
  EXPECT_EQ(Holding(), "-50000 -37510 0.7502");
  EXPECT_EQ(Trade("50000", "0.7503").fee.ToString(), "0.75");
  EXPECT_EQ(Realized(), "10.5");
  EXPECT_EQ(Holding(), "flat");
  EXPECT_EQ(account_.fills(), 3U);
}

TEST_F(AccountTest, AShortIsTheMirrorOfALong) {
  Trade("-10", "100");
  EXPECT_EQ(Holding(), "-10 -1000 100");
  EXPECT_EQ(account_.cash().ToString(), "101000");
  EXPECT_EQ(Trade("4", "90").realized.ToString(), "40");
  Trade("-6", "120");
  EXPECT_EQ(Holding(), "-12 -1320 110");
  EXPECT_EQ(Trade("12", "115").realized.ToString(), "-60");
  EXPECT_EQ(account_.cash().ToString(), "99980");
}

TEST_F(AccountTest, TheFeeIsAtLeastTheMinimum) {
  settings_.fees = {.rate = *Decimal::Parse("0.001"),
                    .per_share = *Decimal::Parse("0.005"),
                    .minimum = *Decimal::Parse("1")};
  Open();
  EXPECT_EQ(account_.FeeOf(Q("10"), P("10")).ToString(), "1");
  EXPECT_EQ(account_.FeeOf(Q("100"), P("10")).ToString(), "1.5");
  EXPECT_EQ(account_.FeeOf(Q("0.000000001"), P("0.000000001")).ToString(), "1");
}

// --- what it is worth

TEST_F(AccountTest, EquityFollowsTheMarks) {
  Trade("100", "50", 0);
  Trade("-10", "200", 1);
  Mark("60", 0);
  Mark("210", 1);
  const Valuation value = account_.Value(board_);
  EXPECT_EQ(value.long_value.ToString(), "6000");
  EXPECT_EQ(value.short_value.ToString(), "-2100");
  EXPECT_EQ(value.gross.ToString(), "8100");
  EXPECT_EQ(value.unrealized.ToString(), "900");
  EXPECT_EQ(value.equity.ToString(), "100900");
}

TEST_F(AccountTest, WithoutAQuoteAPositionCountsWithItsCost) {
  Trade("100", "50", 0);
  Trade("-10", "200", 1);
  const Valuation value = account_.Value(board_);
  EXPECT_EQ(value.equity.ToString(), "100000");
  EXPECT_EQ(value.unrealized.ToString(), "0");
  EXPECT_EQ(value.gross.ToString(), "7000");
}

TEST_F(AccountTest, BuyingPowerIsLeveragedEquityLessGrossAndReserved) {
  Trade("100", "50", 0);
  Trade("-10", "200", 1);
  Mark("60", 0);
  Mark("210", 1);
  account_.Reserve(Money("1000"));
  const Valuation value = account_.Value(board_);
  EXPECT_EQ(account_.BuyingPower(value).ToString(), "192700");  // 2 x 100900 - 8100 - 1000
  EXPECT_EQ(account_.NonMarginableBuyingPower(value).ToString(), "93900");  // 97000 - 2100 - 1000
  account_.Reserve(Money("500000"));
  EXPECT_EQ(account_.BuyingPower(value).ToString(), "0");
  EXPECT_EQ(account_.NonMarginableBuyingPower(value).ToString(), "0");
  account_.Release(Money("501000"));
  EXPECT_EQ(account_.reserved().ToString(), "0");
  EXPECT_EQ(account_.Value(board_).equity, value.equity) << "reservations never change equity";
}

TEST_F(AccountTest, WhatIsHeldIsNotAvailable) {
  EXPECT_EQ(account_.Available(InstrumentId(0)), Quantity{});
  account_.Hold(InstrumentId(0), Q("5"));  // flat: nothing to hold
  Trade("-10", "50");
  EXPECT_EQ(account_.Available(InstrumentId(0)), Q("10"));
  account_.Hold(InstrumentId(0), Q("4"));
  EXPECT_EQ(account_.Available(InstrumentId(0)), Q("6"));
  Trade("8", "50");
  EXPECT_EQ(account_.Available(InstrumentId(0)), Quantity{}) << "two are left, four held";
  account_.Unhold(InstrumentId(0), Q("3"));
  EXPECT_EQ(account_.Available(InstrumentId(0)), Q("1"));
  account_.Unhold(InstrumentId(0), Q("9000000000"));
  EXPECT_EQ(account_.Available(InstrumentId(0)), Q("2"));
}

TEST_F(AccountTest, HoldsEndWithThePosition) {
  Trade("10", "50");
  account_.Hold(InstrumentId(0), Q("10"));
  Trade("-10", "50");
  account_.Unhold(InstrumentId(0), Q("10"));
  Trade("3", "50");
  EXPECT_EQ(account_.Available(InstrumentId(0)), Q("3"));
}

TEST_F(AccountTest, HoldsSurviveAFillThatCrossesZero) {
  Trade("5", "50");
  account_.Hold(InstrumentId(0), Q("7"));
  Trade("-7", "50");
  EXPECT_EQ(Held().held, Q("7"));
  account_.Unhold(InstrumentId(0), Q("7"));
  EXPECT_EQ(account_.Available(InstrumentId(0)), Q("2"));
}

TEST_F(AccountTest, HoldsBeyondAllQuantitiesStayAtTheLargest) {
  Trade("10", "50");
  for (int i = 0; i < 3; ++i) account_.Hold(InstrumentId(0), kQuantityMax);
  EXPECT_EQ(Held().held.units(), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(account_.Available(InstrumentId(0)), Quantity{});
  EXPECT_TRUE(account_.Sound());
}

}  // namespace
}  // namespace livetape::floor
