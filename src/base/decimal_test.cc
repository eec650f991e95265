#include "base/decimal.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/amount_text.h"
#include "base/random.h"

namespace livetape::base {
namespace {

std::string RoundTrip(std::string_view text) { return Price::Parse(text)->ToString(); }

TEST(Decimal, TextIsShortestAndExact) {
  EXPECT_EQ(RoundTrip("61837.63000000"), "61837.63");
  EXPECT_EQ(RoundTrip("0"), "0");
  EXPECT_EQ(RoundTrip("-0"), "0");
  EXPECT_EQ(RoundTrip("-0.5"), "-0.5");
  EXPECT_EQ(RoundTrip(".5"), "0.5");
  EXPECT_EQ(RoundTrip("5."), "5");
  EXPECT_EQ(RoundTrip("100"), "100");
  EXPECT_EQ(RoundTrip("1e-9"), "0.000000001");
  EXPECT_EQ(RoundTrip("1.5E+3"), "1500");
  EXPECT_EQ(RoundTrip("0.1000000000000"), "0.1");
  EXPECT_EQ(RoundTrip("9223372036.854775807"), "9223372036.854775807");
  EXPECT_EQ(RoundTrip("-9223372036.854775807"), "-9223372036.854775807");
}

TEST(Decimal, LowestUnitsHaveText) {
  EXPECT_EQ(Decimal::FromUnits(std::numeric_limits<int64_t>::min()).ToString(),
            "-9223372036.854775808");
}

TEST(Decimal, RefusesWhatIsNoNumber) {
  for (const char* text :
       {"", ".", "-", "+", "1e", "e5", "1.2.3", "1 ", " 1", "0x10", "nan", "inf", "1,5", "1e99999",
        "1e1001", "1e-1001", "0e-9223372036854775808", "--1"}) {
    EXPECT_FALSE(Price::Parse(text)) << text;
  }
}

TEST(Decimal, RefusesWhatDoesNotFit) {
  EXPECT_FALSE(Price::Parse("9223372036.854775808"));
  EXPECT_FALSE(Price::Parse("1e30"));
  EXPECT_FALSE(Price::Parse("1234567890123456789012345678901234567890123"));
  const auto many = Price::Parse("0.1234567891");
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().message, "'0.1234567891' has more than 9 decimals");
}

TEST(Decimal, RandomUnitsRoundTrip) {
  Random random(7);
  for (int i = 0; i < 20'000; ++i) {
    const auto units = static_cast<int64_t>(random.Next() >> (random.Below(64)));
    const auto text = Decimal::FromUnits(units).ToString();
    const auto back = Decimal::Parse(text);
    if (units == std::numeric_limits<int64_t>::min()) continue;
    ASSERT_TRUE(back) << text;
    ASSERT_EQ(back->units(), units) << text;
  }
}

TEST(Decimal, SumsAreChecked) {
  const auto most = Decimal::FromUnits(std::numeric_limits<int64_t>::max());
  EXPECT_FALSE(most.CheckedAdd(Decimal::FromUnits(1)));
  EXPECT_EQ(most.CheckedSub(most), Decimal());
}

TEST(Decimal, JsonNumbersGoByTheirShortestText) {
  EXPECT_EQ(Price::FromDouble(0.1)->ToString(), "0.1");
  EXPECT_EQ(Price::FromDouble(187.34)->ToString(), "187.34");
  EXPECT_EQ(Price::FromDouble(1e-8)->ToString(), "0.00000001");
  EXPECT_EQ(Price::FromDouble(100412.55)->ToString(), "100412.55");
  EXPECT_FALSE(Price::FromDouble(0.1 + 0.2));  // 0.30000000000000004
  EXPECT_FALSE(Price::FromDouble(std::numeric_limits<double>::infinity()));
}

TEST(Amount, ProductIsExact) {
  const auto price = *Price::Parse("61837.63");
  const auto size = *Quantity::Parse("0.00000001");
  EXPECT_EQ((price * size).ToString(), "0.0006183763");
  const auto most = Price::FromUnits(std::numeric_limits<int64_t>::max());
  const auto many = Quantity::FromUnits(std::numeric_limits<int64_t>::max());
  EXPECT_EQ((most * many).ToString(), "85070591730234615847.396907784232501249");
}

TEST(Amount, SumsAreChecked) {
  const auto most = Price::FromUnits(std::numeric_limits<int64_t>::max());
  const auto product = most * Quantity::FromUnits(std::numeric_limits<int64_t>::max());
  EXPECT_TRUE(product.CheckedAdd(product));
  EXPECT_FALSE(product.CheckedAdd(product)->CheckedAdd(product));
}

TEST(NearestDouble, IsWhatACastGives) {
  std::vector<Int128> values = {0, 1, -1};
  for (int bit = 50; bit < 127; ++bit) {
    for (int half = 1; half < 60 && half < bit; ++half) {
      for (const int off : {-1, 0, 1}) {
        values.push_back((Int128{1} << bit) + (Int128{1} << (bit - half)) + off);
        values.push_back(-values.back());
      }
    }
  }
  base::Random random(3);
  for (int i = 0; i < 100'000; ++i) {
    const auto word = [&] { return static_cast<int64_t>(random.Next()); };
    values.push_back(((Int128{word()} << 64) | static_cast<uint64_t>(word())) >> random.Below(127));
  }
  values.push_back(Int128{std::numeric_limits<int64_t>::min()} << 64);
  for (const Int128 value : values) {
    ASSERT_EQ(NearestDouble(value), static_cast<double>(value))
        << static_cast<int64_t>(value >> 64) << " " << static_cast<uint64_t>(value);
  }
}

TEST(DivideToText, GivesSignificantDigits) {
  const auto divide = [](std::string_view total, std::string_view weight, int digits) {
    return DivideToText(Amount::From(*Decimal::Parse(total)), Amount::From(*Decimal::Parse(weight)),
                        digits);
  };
  EXPECT_EQ(divide("2", "3", 12), "0.666666666667");
  EXPECT_EQ(divide("200", "3", 4), "66.67");
  EXPECT_EQ(divide("1", "4", 12), "0.25");
  EXPECT_EQ(divide("9.9996", "1", 4), "10");
  EXPECT_EQ(divide("1", "8", 2), "0.12");  // half goes to even
  EXPECT_EQ(divide("3", "8", 2), "0.38");
  EXPECT_EQ(divide("0", "8", 5), "0");
  EXPECT_EQ(divide("5", "1", 12), "5");
  EXPECT_EQ(divide("30", "4", 15), "7.5");
  EXPECT_EQ(divide("1000", "0.5", 15), "2000");
  EXPECT_EQ(divide("0.000002", "2", 3), "0.000001");
  EXPECT_EQ(divide("1", "300", 3), "0.00333");
}

TEST(Amount, RoundTripsItsText) {
  for (const std::string text :
       {"0", "1", "-1.5", "100000", "0.000000000000000001", "-0.123456789012345678",
        "170141183460469231731.687303715884105727"}) {
    const auto parsed = ParseAmount(text);
    ASSERT_TRUE(parsed) << text << ": " << parsed.error().message;
    EXPECT_EQ(parsed->ToString(), text);
  }
  EXPECT_EQ(ParseAmount("1e15")->ToString(), "1000000000000000");
}

// Digits are made by parts of 18: at their ends, and at any other place.
TEST(Amount, AllSizesRoundTrip) {
  EXPECT_EQ(Amount::FromUnits(std::numeric_limits<Int128>::min()).ToString(),
            "-170141183460469231731.687303715884105728");
  Int128 power = 1;
  for (int digits = 1; digits <= 38; ++digits, power *= 10) {
    for (const Int128 units : {power - 1, power, power + 1, -power}) {
      const std::string text = Amount::FromUnits(units).ToString();
      const auto parsed = ParseAmount(text);
      ASSERT_TRUE(parsed) << text;
      EXPECT_TRUE(parsed->units() == units) << text;
    }
    const std::string text = Amount::FromUnits(power).ToString();
    EXPECT_EQ(text, digits <= 18 ? "0." + std::string(static_cast<size_t>(18 - digits), '0') + "1"
                                 : "1" + std::string(static_cast<size_t>(digits - 19), '0'));
    if (digits == 38) break;  // ten times as much does not fit
  }
  Random random(11);
  for (int i = 0; i < 20'000; ++i) {
    const Int128 wide = Int128{static_cast<int64_t>(random.Next())} << 64 | random.Next();
    const Int128 units = wide >> random.Below(127);
    const std::string text = Amount::FromUnits(units).ToString();
    const auto parsed = ParseAmount(text);
    if (units == std::numeric_limits<Int128>::min()) continue;
    ASSERT_TRUE(parsed) << text;
    ASSERT_TRUE(parsed->units() == units) << text;
    const size_t point = text.find('.');
    ASSERT_TRUE(point == std::string::npos || (point > 0 && text.back() != '0')) << text;
  }
}

TEST(Amount, RefusesWhatItCannotHold) {
  EXPECT_EQ(ParseAmount("1e-19").error().message, "'1e-19' has more than 18 decimals");
  EXPECT_FALSE(ParseAmount("170141183460469231731.687303715884105728"));
  EXPECT_FALSE(ParseAmount("1e21"));
  EXPECT_FALSE(ParseAmount("1e1000"));
  EXPECT_FALSE(ParseAmount(""));
  EXPECT_FALSE(ParseAmount("ten"));
}

}  // namespace
}  // namespace livetape::base
