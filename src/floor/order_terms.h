#pragma once

// Order terms: what follows from an order and a price alone. Pure functions.

#include <algorithm>
#include <cstdint>
#include <limits>

#include "base/decimal.h"
#include "floor/money.h"
#include "floor/open_orders.h"
#include "model/order.h"
#include "model/quote.h"

namespace livetape::floor {

inline bool Buys(const model::Order& order) { return order.side == model::Side::kBuy; }

// Its fills are never worse than its limit. A stop-limit is asked only once it has been triggered.
inline bool Limited(const model::Order& order) {
  return order.type == model::OrderType::kLimit || order.type == model::OrderType::kStopLimit;
}

inline bool IsStop(const model::Order& order) {
  return order.type == model::OrderType::kStop || order.type == model::OrderType::kStopLimit ||
         order.type == model::OrderType::kTrailingStop;
}

// Worse than the limit of a limited order.
inline bool Beyond(const model::Order& order, base::Price price) {
  return Buys(order) ? price > order.limit : price < order.limit;
}

// Has the market's price come to its stop?
inline bool Reached(const model::Order& order, base::Price price) {
  return Buys(order) ? price >= order.stop : price <= order.stop;
}

// What it would pay or get at once.
inline base::Price Opposing(const model::Order& order, const model::Quote& quote) {
  return Buys(order) ? quote.ask : quote.bid;
}

// With the slippage of an order that takes what there is.
inline base::Price WithSlippage(const model::Order& order, base::Price price, base::Decimal bps) {
  if (bps.zero()) return price;
  const base::Price slipped =
      Buys(order) ? AskWithSlippage(price, bps) : BidWithSlippage(price, bps);
  return std::max(slipped, base::Price::FromUnits(1));
}

// The stop of a trailing stop whose best price so far is `mark`; rounded half-even, never under the
// smallest price or over the largest: a market's price may be any.
inline base::Price TrailedStop(const model::Order& order, base::Price mark) {
  constexpr auto kMost = base::Price::FromUnits(std::numeric_limits<int64_t>::max());
  base::Price stop;
  if (order.trail_price.positive()) {
    const auto moved =
        Buys(order) ? mark.CheckedAdd(order.trail_price) : mark.CheckedSub(order.trail_price);
    stop = moved.value_or(kMost);  // both are positive: only the sum can leave the range
  } else {
    // One percent is 100 basis points.
    const auto bps = base::Decimal::FromUnits(order.trail_percent.units() * 100);
    stop = Buys(order) ? AskWithSlippage(mark, bps) : BidWithSlippage(mark, bps);
  }
  return std::max(stop, base::Price::FromUnits(1));
}

// What its size counts as at acceptance: limit, else stop, else the opposing side of the quote.
inline base::Price AcceptancePrice(const model::Order& order, const model::Quote& quote) {
  if (order.limit.positive()) return order.limit;
  if (order.stop.positive()) return order.stop;
  if (order.type == model::OrderType::kTrailingStop) return TrailedStop(order, quote.price);
  return Opposing(order, quote);
}

// What an open order reserves of buying power, or holds of its position: follows from the order
// alone, so that whoever has the orders has these too. Of two legs one holds for both.
inline base::Amount ReservedFor(const model::Order& order) {
  if (!order.opening() || order.status == model::OrderStatus::kHeld || Closed(order.status)) {
    return {};
  }
  if (order.notional.zero()) return order.reserve_price * order.leaves();
  return std::max(base::Amount(), Minus(order.notional, order.filled_value));
}
inline base::Quantity HeldFor(const model::Order& order) {
  if (order.opening() || order.status == model::OrderStatus::kHeld || Closed(order.status)) {
    return {};
  }
  if (order.notional.zero()) return order.leaves();
  const base::Quantity all = QuantityFor(order.notional, order.reserve_price);
  return base::Quantity::FromUnits(std::max<int64_t>(0, all.units() - order.filled.units()));
}

}  // namespace livetape::floor
