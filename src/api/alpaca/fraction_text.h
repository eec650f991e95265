#pragma once

// Quotients of money as decimal text. Pure functions.

#include <string>

#include "base/decimal.h"

namespace livetape::api {

// Significant digits of a quotient.
inline constexpr int kFractionDigits = 16;

// part / whole, with its sign; "0" of nothing. Any amounts.
std::string FractionText(base::Amount part, base::Amount whole);

// The average price of a quantity that has cost `cost`, unsigned; "0" of nothing.
std::string AveragePriceText(base::Amount cost, base::Quantity quantity);

}  // namespace livetape::api
