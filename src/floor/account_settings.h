#pragma once

// AccountSettings: what an account starts with and is bound by.

#include <array>
#include <cstdint>
#include <string_view>

#include "base/decimal.h"

namespace livetape::floor {

// fee = max(minimum, rate x notional + per_share x quantity) per fill. None is negative; rate <= 1.
struct Fees {
  base::Decimal rate;       // 0.002: 0.2 % of the notional
  base::Decimal per_share;  // money per unit
  base::Decimal minimum;    // money per fill
};

// Refuses orders that would go beyond; 0: off. Fractions are of equity.
struct RiskLimits {
  base::Amount max_order_value;
  base::Quantity max_order_quantity;
  base::Decimal price_collar;  // greatest distance of a limit or stop price from the mark: 0.05
  uint32_t max_orders_per_s = 0;
  base::Decimal gross, net, concentration;
};

struct AccountSettings {
  base::Amount cash;  // at start and after a reset; at most 10^15
  Fees fees;
  base::Decimal slippage_bps;
  int multiplier = 2;  // 1, 2 or 4
  RiskLimits limits;
  // Backtests only: anything may be sold short, parts of it too, and at the market for what it brings
  // after slippage.
  bool crypto_short = false;
  bool no_shorting = false;        // the account's own wish
  bool trading_suspended = false;  // likewise
};

enum class AccountState : uint8_t { kActive, kReducing, kHalted };
inline constexpr std::array<std::string_view, 3> kAccountStateNames = {"ACTIVE", "REDUCING",
                                                                       "HALTED"};
constexpr std::string_view Name(AccountState v) {
  return kAccountStateNames[static_cast<size_t>(v)];
}

// Behaviour at the limits: an order that would go beyond is refused; a fill that would is not made
// and its order canceled.
inline constexpr size_t kOpenOrdersMax = 10'000;  // of an account
inline constexpr size_t kPositionsMax = 10'000;   // of an account

}  // namespace livetape::floor
