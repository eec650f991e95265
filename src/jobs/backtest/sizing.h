#pragma once

// Sizing: how much of a symbol a strategy's cash buys, or sells short.

#include <cstdint>

#include "base/decimal.h"

namespace livetape::jobs {

inline constexpr uint32_t kPartsMax = 10'000;

// floor(cash / parts / (price x (1 + fee rate))): whole units, or with 9 decimals if `fractional`; the
// largest Quantity, which no order may have, when it is more. Nothing for cash that is not positive.
// price > 0, 0 <= fee rate <= 1, 0 < parts <= kPartsMax.
base::Quantity SizeFor(base::Amount cash, uint32_t parts, base::Price price, base::Decimal fee_rate,
                       bool fractional);

}  // namespace livetape::jobs
