#pragma once

// Exact pieces of the arithmetic of money (docs/trading.md). All are pure; results that would leave
// the range stay at its ends, so that no input can overflow. Divisions by 128 bits are slow (tens of
// nanoseconds): they belong to orders and fills, not to where a tick comes by; the functions say
// which have one.

#include <cstdint>

#include "base/decimal.h"

namespace livetape::floor {

// Ends of what a saturating sum gives: +-10^20 in money.
inline constexpr base::Amount kAmountEnd = base::Amount::FromUnits(
    base::Int128{10'000'000'000'000'000'000U} * 10'000'000'000'000'000'000U);

// --- without division

constexpr base::Int128 Magnitude(base::Int128 value) { return value < 0 ? -value : value; }
// |value|; its largest negative value has none and must not come.
constexpr base::Amount Magnitude(base::Amount value) {
  return base::Amount::FromUnits(Magnitude(value.units()));
}
constexpr base::Quantity Magnitude(base::Quantity value) {
  return base::Quantity::FromUnits(value.units() < 0 ? -value.units() : value.units());
}
constexpr base::Amount Negated(base::Amount value) {
  return base::Amount::FromUnits(-value.units());
}

// `value`, or the end of the range that it is beyond.
constexpr base::Amount Clamped(base::Amount value) {
  if (value > kAmountEnd) return kAmountEnd;
  return value < Negated(kAmountEnd) ? Negated(kAmountEnd) : value;
}

// Both far inside of the ends, so that their sum is, too: nearly always. One look at their upper
// halves.
constexpr bool Small(base::Amount a, base::Amount b = {}) {
  constexpr uint64_t kUpper = uint64_t{1} << 60U;  // x 2^64 is 2 x 10^37
  const uint64_t upper_a = static_cast<uint64_t>(a.units() >> 64) + kUpper;
  const uint64_t upper_b = static_cast<uint64_t>(b.units() >> 64) + kUpper;
  return (upper_a | upper_b) < 2 * kUpper;
}

// Sums within the ends. Both operands may be anything.
constexpr base::Amount Plus(base::Amount a, base::Amount b) {
  if (Small(a, b)) [[likely]]
    return base::Amount::FromUnits(a.units() + b.units());
  const base::Int128 x = Clamped(a).units();
  const base::Int128 y = Clamped(b).units();
  base::Int128 sum = 0;
  if (__builtin_add_overflow(x, y, &sum)) return x > 0 ? kAmountEnd : Negated(kAmountEnd);
  return Clamped(base::Amount::FromUnits(sum));
}
constexpr base::Amount Minus(base::Amount a, base::Amount b) {
  return Plus(a, Negated(Small(b) ? b : Clamped(b)));
}
// `times` is small and not negative (the multiplier of buying power).
constexpr base::Amount Times(base::Amount a, int times) {
  base::Amount sum;
  for (int i = 0; i < times; ++i) sum = Plus(sum, a);
  return sum;
}

// --- with division

// amount x rate, rounded half-even to 10^-18 (fees, section 2; limits as fractions, section 5). The
// amount is split by 10^9, so that no product overflows.
base::Amount TimesRate(base::Amount amount, base::Decimal rate);

// What of `total`, which belongs to the signed quantity `whole`, goes with the unsigned part `part`
// of it (section 3): total/Q x c + half_even((total mod Q) x c / Q); all of it with all of the
// quantity. By magnitudes, so that long and short are alike. 0 < part <= |whole|, and
// |total| < 2^63 x |whole|: the average fits a Price.
base::Amount ShareOf(base::Amount total, base::Quantity whole, base::Quantity part);

// What a market, stop or trailing order pays or gets with a slippage of `bps` (section 2), rounded
// half-even to 10^-9: ask x (1 + bps/10^4), bid x (1 - bps/10^4). Not under 0, and not over the
// largest Price. Price and bps are not negative.
base::Price AskWithSlippage(base::Price ask, base::Decimal bps);
base::Price BidWithSlippage(base::Price bid, base::Decimal bps);

// floor(notional / price) to 10^-9 (section 3); the largest Quantity, which no order may have, when
// it is more. notional >= 0, price > 0.
base::Quantity QuantityFor(base::Amount notional, base::Price price);

}  // namespace livetape::floor
