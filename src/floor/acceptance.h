#pragma once

// Acceptance: may this account place this order now? Account state, risk limits, buying power,
// available quantity (docs/trading.md, "Buying power" and "What is refused"). Decides what the order
// is to the position. Part of the deterministic core.

#include <cstddef>
#include <optional>

#include "base/decimal.h"
#include "floor/account.h"
#include "floor/open_orders.h"
#include "floor/quote_board.h"
#include "floor/refusal.h"
#include "model/instrument.h"
#include "model/order.h"

namespace livetape::floor {

// What an acceptance looks at besides the order.
struct Standing {
  const Account& account;
  const OrderList& open;  // orders of the account
  const QuoteBoard& quotes;
  model::AssetClass asset_class = model::AssetClass::kCrypto;
  std::optional<model::PositionIntent> asked;  // what the client thinks the order is
  base::Price take_profit, stop_loss;          // of its legs; 0: none
  size_t new_orders = 1;                       // with its legs
  uint32_t orders_this_second = 0;
  // A leg or an OCO's parent is replaced: its intent and what it holds stay.
  bool keeps_hold = false;
};

// Sets the intent and reserve_price of an order that Validate has found sensible; kNone: accepted.
// An order that is replaced must not reserve or hold anything any more.
Refusal Judge(model::Order& order, const Standing& standing);

}  // namespace livetape::floor
