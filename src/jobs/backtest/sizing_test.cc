#include "jobs/backtest/sizing.h"

#include <gtest/gtest.h>

#include "floor/account.h"
#include "jobs/backtest/backtest_fixture.h"

namespace livetape::jobs {
namespace {

std::string Size(std::string_view cash, std::string_view price, std::string_view fee,
                 bool fractional = false, uint32_t parts = 1) {
  return SizeFor(A(cash), parts, P(price), D(fee), fractional).ToString();
}

TEST(Sizing, BuysWholeUnitsWithTheirFee) {
  EXPECT_EQ(Size("10000", "100", "0"), "100");
  EXPECT_EQ(Size("10000", "100.01", "0"), "99");
  EXPECT_EQ(Size("10000", "100", "0.002"), "99");
  EXPECT_EQ(Size("10020", "100", "0.002"), "100") << "exactly enough";
  EXPECT_EQ(Size("10019.999999999", "100", "0.002"), "99");
  EXPECT_EQ(Size("99", "100", "0"), "0");
}

TEST(Sizing, BuysPartsOfAUnitWhenTheyMayBeHad) {
  EXPECT_EQ(Size("100", "3", "0", true), "33.333333333");
  EXPECT_EQ(Size("1", "61837.63", "0", true), "0.000016171") << "rounded down";
  EXPECT_EQ(Size("100", "3", "0.5", true), "22.222222222");
}

TEST(Sizing, BuysForAPartOfTheCash) {
  EXPECT_EQ(Size("10000", "100", "0", false, 3), "33");
  EXPECT_EQ(Size("100", "1", "0", true, 3), "33.333333333");
}

TEST(Sizing, WithoutCashThereIsNothing) {
  EXPECT_EQ(Size("0", "100", "0"), "0");
  EXPECT_EQ(Size("-5", "100", "0", true), "0");
}

TEST(Sizing, AtTheEndsOfTheRange) {
  const base::Amount most = base::Amount::FromUnits(floor::kMoneyMax.units());
  const base::Price least = base::Price::FromUnits(1);
  EXPECT_GT(SizeFor(most, 1, least, D("0"), true), floor::kQuantityMax) << "which is refused";
  EXPECT_EQ(SizeFor(A("1"), kPartsMax, floor::kPriceMax, D("1"), true).units(), 0);
  EXPECT_EQ(SizeFor(most, kPartsMax, floor::kPriceMax, D("1"), true).ToString(), "50000");
}

}  // namespace
}  // namespace livetape::jobs
