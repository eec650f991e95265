#include "floor/money.h"

#include <limits>

#include "base/assert.h"

namespace livetape::floor {
namespace {

using base::Amount;
using base::Decimal;
using base::Int128;
using base::Price;
using base::Quantity;

__extension__ typedef unsigned __int128 UInt128;

constexpr uint64_t kScale = base::kDecimalScale;

// n / d rounded half-even; n >= 0, d > 0.
Int128 DivideHalfEven(Int128 n, Int128 d) {
  const Int128 quotient = static_cast<Int128>(static_cast<UInt128>(n) / static_cast<UInt128>(d));
  const Int128 rest = n - quotient * d;
  const Int128 other = d - rest;  // rest against d - rest avoids doubling
  const bool up = rest > other || (rest == other && quotient % 2 != 0);
  return quotient + (up ? 1 : 0);
}

// 10^4 as units of a Decimal: bps / 10^4 = bps.units() / kBpsUnits.
constexpr Int128 kBpsUnits = Int128{10'000} * base::kDecimalScale;

Price RoundedPrice(Int128 price_times_bps) {
  const Int128 units = DivideHalfEven(price_times_bps, kBpsUnits);
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  return Price::FromUnits(units > kMost ? kMost : static_cast<int64_t>(units));
}

}  // namespace

Amount TimesRate(Amount amount, Decimal rate) {
  const bool negative = (amount.units() < 0) != (rate.units() < 0);
  const auto a = static_cast<UInt128>(Magnitude(Clamped(amount)).units());
  const auto r = static_cast<UInt128>(Magnitude(Int128{rate.units()}));
  // a x r / 10^9 = high x r + low x r / 10^9 with high <= 10^29, low < 10^9.
  const UInt128 high = a / kScale;
  const UInt128 low = a - high * kScale;
  // Up to a rate of 1, high x r is at most a.
  if (r > kScale && high > static_cast<UInt128>(kAmountEnd.units()) / r) {
    return negative ? Negated(kAmountEnd) : kAmountEnd;
  }
  // The rounding looks at the parity of the sum, so the whole part must come in before it.
  const UInt128 product = low * r;
  // Up to a rate of 1 it fits 64 bits, where division by a constant is multiplication.
  const UInt128 down =
      r <= kScale ? UInt128{static_cast<uint64_t>(product) / kScale} : product / kScale;
  const UInt128 rest = product - down * kScale;
  const UInt128 sum = high * r + down;
  const bool up = rest > kScale / 2 || (rest == kScale / 2 && sum % 2 != 0);
  const Amount magnitude = Clamped(Amount::FromUnits(static_cast<Int128>(sum + (up ? 1 : 0))));
  return negative ? Negated(magnitude) : magnitude;
}

Amount ShareOf(Amount total, Quantity whole, Quantity part) {
  const Int128 q = Magnitude(Int128{whole.units()});
  const Int128 c = part.units();
  LT_ASSERT(c > 0 && c <= q, "part {} of {}", part.units(), whole.units());
  if (c == q) return total;
  const Int128 t = Magnitude(total.units());
  const auto each = static_cast<Int128>(static_cast<UInt128>(t) / static_cast<UInt128>(q));
  LT_ASSERT(each <= std::numeric_limits<int64_t>::max(), "total {} of {}", total.ToString(),
            whole.units());
  const Int128 rest = t - each * q;  // under q, so rest x c is under 2^126
  const Int128 share = each * c + DivideHalfEven(rest * c, q);
  return Amount::FromUnits(total.units() < 0 ? -share : share);
}

Price AskWithSlippage(Price ask, Decimal bps) {
  LT_ASSERT(ask.units() >= 0 && bps.units() >= 0, "ask {} bps {}", ask.units(), bps.units());
  // Under 2^63 x (2^63 + 10^13), which is under 2^127.
  return RoundedPrice(ask.units() * (kBpsUnits + bps.units()));
}

Price BidWithSlippage(Price bid, Decimal bps) {
  LT_ASSERT(bid.units() >= 0 && bps.units() >= 0, "bid {} bps {}", bid.units(), bps.units());
  if (bps.units() >= kBpsUnits) return {};
  return RoundedPrice(bid.units() * (kBpsUnits - bps.units()));
}

Quantity QuantityFor(Amount notional, Price price) {
  LT_ASSERT(notional.units() >= 0 && price.positive(), "price {}", price.units());
  const Int128 units = notional.units() / price.units();
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  return Quantity::FromUnits(units > kMost ? kMost : static_cast<int64_t>(units));
}

}  // namespace livetape::floor
