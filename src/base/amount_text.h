#pragma once

// ParseAmount: the text of an Amount back to it. Pure function.

#include <string_view>

#include "base/decimal.h"
#include "base/result.h"

namespace livetape::base {

// As ParseDecimalUnits, with at most 18 decimals, to units of 10^-18; magnitudes up to about
// 1.7 x 10^20. AppendTo's text round-trips.
Result<Amount> ParseAmount(std::string_view text);

}  // namespace livetape::base
