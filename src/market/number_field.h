#pragma once

// Numbers of a feed: prices, sizes and volumes as text. Pure functions; every error is the reason
// why a line is skipped.

#include <cstdint>
#include <string_view>

#include "base/decimal.h"
#include "base/result.h"

namespace livetape::market {

inline constexpr int64_t kPriceUnitsMax = 1'000'000'000 * base::kDecimalScale;
inline constexpr int64_t kSizeUnitsMax = 9'000'000'000 * base::kDecimalScale;

// Exactly base::ParseDecimalUnits, but several times faster on plain short numbers ("61837.63"),
// which is what feeds consist of.
base::Result<int64_t> ParseUnits(std::string_view text);

// The same, but more than 9 decimals are rounded (half away from zero) instead of refused:
// programs print prices as "42.540000915527344". An exponent with too many decimals stays an error.
base::Result<int64_t> ParseRoundedUnits(std::string_view text);

// Range checks; `what` names the field in the error. Price: 0 < p <= 10^9.
// Size: 0 <= s <= 9 x 10^9.
base::Result<base::Price> CheckedPrice(int64_t units, std::string_view what);
base::Result<base::Quantity> CheckedSize(int64_t units, std::string_view what);

// A field's text with rounding and range check in one; the error names the field.
base::Result<base::Price> ReadPrice(std::string_view text, std::string_view what);
base::Result<base::Quantity> ReadSize(std::string_view text, std::string_view what);

// Volume of a bar, in units of 10^-9: wider than a Decimal, for index volumes of ten billion
// shares; 0 to 36 x 10^9, so that a quarter of it is a size. More than 9 decimals are cut.
base::Result<base::Int128> ParseVolumeUnits(std::string_view text);

}  // namespace livetape::market
