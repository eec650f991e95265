#pragma once

// OrderRequest and OrderChange: what a client asks of the floor, parsed but not yet judged.

#include <optional>

#include "base/decimal.h"
#include "model/order.h"

namespace livetape::floor {

struct OrderRequest {
  model::InstrumentId instrument;
  model::ClientOrderId client_id;  // empty: none given
  model::Side side = model::Side::kBuy;
  model::OrderType type = model::OrderType::kMarket;
  model::TimeInForce tif = model::TimeInForce::kDay;
  model::OrderClass order_class = model::OrderClass::kSimple;
  std::optional<model::PositionIntent> intent;  // if asked for, it must be what the order does
  bool extended_hours = false;
  std::optional<base::Quantity> quantity;
  std::optional<base::Amount> notional;
  std::optional<base::Price> limit, stop, trail_price;
  std::optional<base::Decimal> trail_percent;
  // Legs. Of an OCO, `take_profit_limit` is the parent's own limit (type limit).
  std::optional<base::Price> take_profit_limit;
  std::optional<base::Price> stop_loss_stop, stop_loss_limit;
};

// What a replacement changes; the rest stays. `trail` is the price or the percentage, whichever the
// order has.
struct OrderChange {
  std::optional<base::Quantity> quantity;
  std::optional<model::TimeInForce> tif;
  std::optional<base::Price> limit, stop;
  std::optional<base::Decimal> trail;
  model::ClientOrderId client_id;  // empty: the new order goes by its own id
};

}  // namespace livetape::floor
