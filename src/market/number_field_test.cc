#include "market/number_field.h"

#include <gtest/gtest.h>

#include <string>

#include "base/random.h"

namespace livetape::market {
namespace {

TEST(NumberField, FastPathAgreesWithTheExactParser) {
  base::Random random(20261120);
  static constexpr std::string_view kAlphabet = "0123456789..-+e ";
  for (int i = 0; i < 300'000; ++i) {
    std::string text;
    const uint64_t length = random.Below(24);
    for (uint64_t k = 0; k < length; ++k) {
      // Mostly digits, so that many of them are numbers.
      text += kAlphabet[random.Below(random.Below(3) == 0 ? kAlphabet.size() : 11)];
    }
    const auto fast = ParseUnits(text);
    const auto exact = base::ParseDecimalUnits(text);
    ASSERT_EQ(fast.has_value(), exact.has_value()) << text;
    if (exact) {
      ASSERT_EQ(*fast, *exact) << text;
    }
  }
}

TEST(NumberField, ReadsWhatFeedsSend) {
  EXPECT_EQ(ParseUnits("61837.63000000"), 61'837'630'000'000);
  EXPECT_EQ(ParseUnits("0.00000001"), 10);
  EXPECT_EQ(ParseUnits("123456789.123456789"), 123'456'789'123'456'789);
  EXPECT_EQ(ParseUnits("1234567890"), 1'234'567'890'000'000'000);
  EXPECT_FALSE(ParseUnits(""));
  EXPECT_FALSE(ParseUnits("NaN"));
  EXPECT_FALSE(ParseUnits("99999999999"));
}

TEST(NumberField, LongDecimalsAreRounded) {
  EXPECT_EQ(ParseRoundedUnits("42.540000915527344"), 42'540'000'916);
  EXPECT_EQ(ParseRoundedUnits("42.5400009154"), 42'540'000'915);
  EXPECT_EQ(ParseRoundedUnits("0.99999999951"), 1'000'000'000);
  EXPECT_EQ(ParseRoundedUnits("-1.0000000005"), -1'000'000'001);
  EXPECT_EQ(ParseRoundedUnits("7"), 7'000'000'000);
  EXPECT_FALSE(ParseRoundedUnits("1.1234567890x"));
  EXPECT_FALSE(ParseRoundedUnits(".1234567890.1"));
}

TEST(NumberField, RangesAreToldByName) {
  EXPECT_EQ(CheckedPrice(0, "price").error().message,
            "price must be above 0 and at most 1000000000, got 0");
  EXPECT_TRUE(CheckedPrice(kPriceUnitsMax, "price"));
  EXPECT_FALSE(CheckedPrice(kPriceUnitsMax + 1, "price"));
  EXPECT_TRUE(CheckedSize(0, "size"));
  EXPECT_EQ(CheckedSize(-1, "size").error().message,
            "size must be 0 to 9000000000, got -0.000000001");
}

TEST(NumberField, VolumesMayBeWiderThanADecimal) {
  const auto units = [](std::string_view text) {
    return static_cast<double>(*ParseVolumeUnits(text));
  };
  EXPECT_EQ(units("11456230000"), 11'456'230'000e9);
  EXPECT_EQ(units("931800000.0"), 931'800'000e9);
  EXPECT_EQ(units("1.145623e+10"), 11'456'230'000e9);
  EXPECT_EQ(units("2.5E3"), 2'500e9);
  EXPECT_EQ(units("0.5"), 5e8);
  EXPECT_EQ(units("0"), 0);
  for (const char* bad : {"", "-1", "x", ".", "nan", "inf", "1e99", "3.7e10", "-1e3", "1e", "1e+",
                          "36000000000.1", "1 2", "99999999999999999999999"}) {
    EXPECT_FALSE(ParseVolumeUnits(bad)) << bad;
  }
}

}  // namespace
}  // namespace livetape::market
