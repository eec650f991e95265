#include "floor/money.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/random.h"

namespace livetape::floor {
namespace {

using base::Amount;
using base::Decimal;
using base::Int128;
using base::Price;
using base::Quantity;

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr Int128 kOne = Int128{base::kDecimalScale} * base::kDecimalScale;

Amount Units(Int128 units) { return Amount::FromUnits(units); }
Amount Money(int64_t whole) { return Amount::FromUnits(whole * kOne); }
Decimal D(std::string_view text) { return *Decimal::Parse(text); }
Price P(std::string_view text) { return *Price::Parse(text); }
Quantity Q(std::string_view text) { return *Quantity::Parse(text); }

TEST(Money, SumsStayAtTheirEnds) {
  EXPECT_EQ(Plus(Money(2), Money(3)), Money(5));
  EXPECT_EQ(Minus(Money(2), Money(3)), Money(-1));
  EXPECT_EQ(Plus(kAmountEnd, Units(1)), kAmountEnd);
  EXPECT_EQ(Plus(kAmountEnd, kAmountEnd), kAmountEnd);
  EXPECT_EQ(Minus(Negated(kAmountEnd), kAmountEnd), Negated(kAmountEnd));
  EXPECT_EQ(Minus(kAmountEnd, kAmountEnd), Money(0));
  const Amount lowest = Units(Int128{1} << 126) /* x -2 */;
  EXPECT_EQ(Plus(Units(-lowest.units() - lowest.units()), Money(1)),
            Plus(Negated(kAmountEnd), Money(1)))
      << "an operand beyond the ends counts as the end";
}

TEST(Money, TimesSaturates) {
  EXPECT_EQ(Times(Money(-7), 4), Money(-28));
  EXPECT_EQ(Times(Money(7), 0), Money(0));
  EXPECT_EQ(Times(kAmountEnd, 4), kAmountEnd);
}

TEST(TimesRate, IsExactWhereItCanBe) {
  EXPECT_EQ(TimesRate(Money(1200), D("0.0001")).ToString(), "0.12");
  EXPECT_EQ(TimesRate(Money(-1200), D("0.0001")).ToString(), "-0.12");
  EXPECT_EQ(TimesRate(Money(1'000'000'000'000'000), D("1")), Money(1'000'000'000'000'000));
  EXPECT_EQ(TimesRate(Money(1'000'000'000'000'000), D("0.999999999")).ToString(),
            "999999999000000");
  EXPECT_EQ(TimesRate(Money(3), D("0")), Money(0));
}

TEST(TimesRate, RoundsHalfEven) {
  const Decimal least = Decimal::FromUnits(1);  // 10^-9
  EXPECT_EQ(TimesRate(Units(500'000'000), least), Units(0));
  EXPECT_EQ(TimesRate(Units(500'000'001), least), Units(1));
  EXPECT_EQ(TimesRate(Units(1'500'000'000), least), Units(2));
  EXPECT_EQ(TimesRate(Units(2'500'000'000), least), Units(2));
  EXPECT_EQ(TimesRate(Units(-1'500'000'000), least), Units(-2));
  EXPECT_EQ(TimesRate(Units(-2'500'000'000), least), Units(-2));
}

TEST(TimesRate, SaturatesInsteadOfOverflowing) {
  const Decimal most = Decimal::FromUnits(kMost);
  EXPECT_EQ(TimesRate(kAmountEnd, D("1")), kAmountEnd);
  EXPECT_EQ(TimesRate(kAmountEnd, D("1.000000001")), kAmountEnd);
  EXPECT_EQ(TimesRate(kAmountEnd, most), kAmountEnd);
  EXPECT_EQ(TimesRate(Negated(kAmountEnd), most), Negated(kAmountEnd));
  EXPECT_EQ(TimesRate(kAmountEnd, Decimal::FromUnits(-kMost)), Negated(kAmountEnd));
  EXPECT_EQ(TimesRate(Money(10'000'000'000), most).ToString(), "92233720368547758070");
}

// What n / d is off from `rounded`, times d, as long as that is small: products that overflow are
// the same modulo 2^128.
__extension__ typedef unsigned __int128 UInt128;
Int128 Error(Int128 rounded, Int128 d, Int128 a, Int128 b) {
  return static_cast<Int128>(static_cast<UInt128>(rounded) * static_cast<UInt128>(d) -
                             static_cast<UInt128>(a) * static_cast<UInt128>(b));
}

// Random bits, any magnitude alike.
uint64_t AnySize(base::Random& random) { return random.Next() >> random.Below(63) >> 1; }

TEST(TimesRate, IsTheNearestForAllMagnitudes) {
  const uint64_t seed = 0x5eed0001;
  SCOPED_TRACE(seed);
  base::Random random(seed);
  for (int i = 0; i < 100'000; ++i) {
    const Int128 amount = Int128(AnySize(random)) * Int128(AnySize(random) >> 10);
    const auto rate = static_cast<int64_t>(random.Below(base::kDecimalScale + 1));
    const Int128 result = TimesRate(Units(amount), Decimal::FromUnits(rate)).units();
    const Int128 error = Error(result, base::kDecimalScale, amount, rate);
    ASSERT_LE(Magnitude(error), base::kDecimalScale / 2) << i;
    const bool tie = Magnitude(error) == base::kDecimalScale / 2;
    ASSERT_TRUE(!tie || result % 2 == 0) << i;
    ASSERT_EQ(TimesRate(Units(-amount), Decimal::FromUnits(rate)), Units(-result));
  }
}

TEST(ShareOf, ClosingAllMovesAll) {
  EXPECT_EQ(ShareOf(Units(1000), Q("0.000000003"), Q("0.000000003")), Units(1000));
  EXPECT_EQ(ShareOf(Units(-1000), Q("-0.000000003"), Q("0.000000003")), Units(-1000));
}

TEST(ShareOf, RoundsTheRestHalfEven) {
  // 1001 = 4 x 250 + 1: the part of two is 500 + 0.5, which rounds to 500 + 0.
  EXPECT_EQ(ShareOf(Units(1001), Quantity::FromUnits(4), Quantity::FromUnits(2)), Units(500));
  // 1003 = 4 x 250 + 3: 500 + 1.5 is 500 + 2.
  EXPECT_EQ(ShareOf(Units(1003), Quantity::FromUnits(4), Quantity::FromUnits(2)), Units(502));
  // 1005 = 4 x 251 + 1, the part of one: 251 + 0.25; of three: 753 + 0.75.
  EXPECT_EQ(ShareOf(Units(1005), Quantity::FromUnits(4), Quantity::FromUnits(1)), Units(251));
  EXPECT_EQ(ShareOf(Units(1005), Quantity::FromUnits(4), Quantity::FromUnits(3)), Units(754));
  EXPECT_EQ(ShareOf(Units(-1003), Quantity::FromUnits(-4), Quantity::FromUnits(2)), Units(-502));
  // Only the rest is rounded: 3 + 0.5 is 3 + 0, though 4 is the even neighbour of the sum.
  EXPECT_EQ(ShareOf(Units(7), Quantity::FromUnits(2), Quantity::FromUnits(1)), Units(3));
}

TEST(ShareOf, HoldsAtTheLargestQuantityAndPrice) {
  const Quantity whole = Q("9000000000");
  const Amount total = P("1000000000") * whole;
  const Quantity half = Q("4500000000");
  EXPECT_EQ(ShareOf(total, whole, half), P("1000000000") * half);
  // All but the least: what remains is the price of the least, but for rounding.
  const Quantity most = Quantity::FromUnits(whole.units() - 1);
  EXPECT_EQ(ShareOf(Units(total.units() - 1), whole, most).units(),
            total.units() - P("1000000000").units() - 1);
}

TEST(ShareOf, IsTheNearestForAllMagnitudes) {
  const uint64_t seed = 0x5eed0002;
  SCOPED_TRACE(seed);
  base::Random random(seed);
  for (int i = 0; i < 100'000; ++i) {
    const auto q = static_cast<int64_t>(AnySize(random) % 9'000'000'000'000'000'000 + 2);
    const auto c = static_cast<int64_t>(1 + random.Below(static_cast<uint64_t>(q) - 1));
    const auto price = static_cast<int64_t>(AnySize(random) % 1'000'000'000'000'000'000 + 1);
    const Int128 total =
        Int128{price} * q + static_cast<int64_t>(random.Below(static_cast<uint64_t>(q)));
    const Quantity whole = Quantity::FromUnits(q), part = Quantity::FromUnits(c);
    const Int128 share = ShareOf(Units(total), whole, part).units();
    const Int128 error = Error(share, q, total, c);
    ASSERT_LE(Magnitude(error), q - Magnitude(error)) << i;
    ASSERT_GE(share, c) << "what is moved has a price";
    ASSERT_GE(total - share, q - c) << "what remains has a price";
    ASSERT_EQ(ShareOf(Units(-total), Quantity::FromUnits(-q), part), Units(-share));
  }
}

TEST(Slippage, MovesThePriceAgainstTheOrder) {
  EXPECT_EQ(AskWithSlippage(P("100"), D("5")).ToString(), "100.05");
  EXPECT_EQ(BidWithSlippage(P("100"), D("5")).ToString(), "99.95");
  EXPECT_EQ(AskWithSlippage(P("100"), D("0")), P("100"));
  EXPECT_EQ(AskWithSlippage(P("61837.63"), D("2.5")).ToString(), "61853.0894075");
}

TEST(Slippage, RoundsThePriceHalfEven) {
  // 1 bp of 5000, 15000, 25000 units is 0.5, 1.5, 2.5 units; the price as a whole becomes even.
  EXPECT_EQ(AskWithSlippage(Price::FromUnits(5'000), D("1")), Price::FromUnits(5'000));
  EXPECT_EQ(AskWithSlippage(Price::FromUnits(15'000), D("1")), Price::FromUnits(15'002));
  EXPECT_EQ(AskWithSlippage(Price::FromUnits(25'000), D("1")), Price::FromUnits(25'002));
  EXPECT_EQ(AskWithSlippage(Price::FromUnits(5'001), D("1")), Price::FromUnits(5'002));
  EXPECT_EQ(BidWithSlippage(Price::FromUnits(5'000), D("1")), Price::FromUnits(5'000));
  EXPECT_EQ(BidWithSlippage(Price::FromUnits(15'000), D("1")), Price::FromUnits(14'998));
}

TEST(Slippage, StaysInTheRangeOfPrices) {
  EXPECT_EQ(BidWithSlippage(P("100"), D("10000")), Price{});
  EXPECT_EQ(BidWithSlippage(P("100"), D("9000000000")), Price{});
  EXPECT_EQ(AskWithSlippage(P("1000000000"), D("10000")).ToString(), "2000000000");
  EXPECT_EQ(AskWithSlippage(Price::FromUnits(kMost), Decimal::FromUnits(kMost)).units(), kMost);
}

TEST(QuantityFor, IsRoundedDown) {
  EXPECT_EQ(QuantityFor(Money(100), P("3")).ToString(), "33.333333333");
  EXPECT_EQ(QuantityFor(Money(1), P("1000000000")).ToString(), "0.000000001");
  EXPECT_EQ(QuantityFor(Units(1), P("1")), Quantity{});
  EXPECT_EQ(QuantityFor(Money(0), P("1")), Quantity{});
  EXPECT_EQ(QuantityFor(Money(1'000'000'000'000'000), P("1000000000")).ToString(), "1000000");
}

TEST(QuantityFor, IsTheLargestWhenItIsTooMuch) {
  const Quantity most = QuantityFor(Money(1'000'000'000'000'000), P("0.000000001"));
  EXPECT_EQ(most.units(), kMost);
}

}  // namespace
}  // namespace livetape::floor
