#include "jobs/backtest/sizing.h"

#include <limits>

#include "base/assert.h"

namespace livetape::jobs {

base::Quantity SizeFor(base::Amount cash, uint32_t parts, base::Price price, base::Decimal fee_rate,
                       bool fractional) {
  LT_ASSERT(parts > 0 && parts <= kPartsMax && price.positive(), "{} parts, price {}", parts,
            price.units());
  LT_ASSERT(fee_rate.units() >= 0 && fee_rate.units() <= base::kDecimalScale, "fee rate {}",
            fee_rate.units());
  if (cash.units() <= 0) return {};
  // Both in units of 10^-18. A price is under 2^63 and a fee doubles it at most, so this is under
  // 2^108, and ten times as much is none too many.
  const base::Int128 each =
      base::Int128{price.units()} * (base::kDecimalScale + fee_rate.units()) * parts;
  const base::Int128 whole = cash.units() / each;
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  if (whole > kMost / base::kDecimalScale - 1) return base::Quantity::FromUnits(kMost);
  const int64_t units = static_cast<int64_t>(whole) * base::kDecimalScale;
  if (!fractional) return base::Quantity::FromUnits(units);
  // Digit by digit, so that nothing leaves 128 bits.
  base::Int128 rest = cash.units() - whole * each;
  int64_t decimals = 0;
  for (int digit = 0; digit < base::kDecimalPlaces; ++digit) {
    rest *= 10;
    decimals = decimals * 10 + static_cast<int64_t>(rest / each);
    rest %= each;
  }
  return base::Quantity::FromUnits(units + decimals);
}

}  // namespace livetape::jobs
