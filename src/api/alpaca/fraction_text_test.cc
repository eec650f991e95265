#include "api/alpaca/fraction_text.h"

#include <gtest/gtest.h>

#include "base/amount_text.h"

namespace livetape::api {
namespace {

std::string Fraction(std::string_view part, std::string_view whole) {
  return FractionText(*base::ParseAmount(part), *base::ParseAmount(whole));
}

TEST(FractionText, HasSixteenDigits) {
  EXPECT_EQ(Fraction("1", "3"), "0.3333333333333333");
  EXPECT_EQ(Fraction("2", "3"), "0.6666666666666667");
  EXPECT_EQ(Fraction("-1", "3"), "-0.3333333333333333");
  EXPECT_EQ(Fraction("1", "-8"), "-0.125");
  EXPECT_EQ(Fraction("-1", "-8"), "0.125");
  EXPECT_EQ(Fraction("5", "5"), "1");
}

TEST(FractionText, OfNothingIsZero) {
  EXPECT_EQ(Fraction("0", "5"), "0");
  EXPECT_EQ(Fraction("5", "0"), "0");
}

TEST(FractionText, TakesAnyAmounts) {
  EXPECT_EQ(Fraction("100000000000000000000", "0.000000000000000001"),
            "100000000000000000000000000000000000000");
  EXPECT_EQ(Fraction("1000000000000000", "1"), "1000000000000000");
  EXPECT_EQ(Fraction("999999999999999.5", "1"), "999999999999999.5");
  EXPECT_EQ(Fraction("100000000000000000000", "100000000000000000000"), "1");
  EXPECT_EQ(Fraction("1", "100000000000000000000"), "0.00000000000000000001");
  EXPECT_EQ(Fraction("0.000000000000000001", "100000000000000000000"), "0");
}

TEST(AveragePriceText, IsUnsigned) {
  const auto average = [](std::string_view cost, std::string_view quantity) {
    return AveragePriceText(*base::ParseAmount(cost), *base::Quantity::Parse(quantity));
  };
  EXPECT_EQ(average("2883", "29"), "99.41379310344828");
  EXPECT_EQ(average("-2883", "-29"), "99.41379310344828");
  EXPECT_EQ(average("0", "0"), "0");
}

}  // namespace
}  // namespace livetape::api
