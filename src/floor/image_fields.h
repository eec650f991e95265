#pragma once

// The fields of settings, positions, orders and quotes as images have them (floor/image_bytes.h): one
// list each for an ImageWriter, whose values are const, and for an ImageReader, whose are not. They
// are part of the formats that docs/formats/account-snapshot.md and docs/recording.md describe.

#include "floor/account_settings.h"
#include "floor/image_bytes.h"
#include "model/order.h"
#include "model/quote.h"

namespace livetape::floor {

inline constexpr size_t kLegRoles = 3;

template <typename Image, typename Settings>
void PassSettings(Image& image, Settings& settings) {
  auto& [cash, fees, slippage_bps, multiplier, limits, crypto_short, no_shorting, suspended] =
      settings;
  image.All(cash, fees.rate, fees.per_share, fees.minimum, slippage_bps, multiplier,
            limits.max_order_value, limits.max_order_quantity, limits.price_collar,
            limits.max_orders_per_s, limits.gross, limits.net, limits.concentration, crypto_short,
            no_shorting, suspended);
}

template <typename Image, typename AnyPosition>
void PassPosition(Image& image, AnyPosition& position) {
  auto& [quantity, cost, held, day_basis, last_day_price] = position;
  image.All(quantity, cost, held, day_basis, last_day_price);
}

// Without account, instrument and client_id.
static_assert(sizeof(model::Order) == 368, "a new field of Order belongs into PassOrder");
template <typename Image, typename AnyOrder>
void PassOrder(Image& image, AnyOrder& order) {
  image.All(order.id);
  image.Choice(order.status, model::kOrderStatusNames.size());
  image.Choice(order.side, model::kSideNames.size());
  image.Choice(order.type, model::kOrderTypeNames.size());
  image.Choice(order.tif, model::kTimeInForceNames.size());
  image.Choice(order.order_class, model::kOrderClassNames.size());
  image.Choice(order.intent, model::kPositionIntentNames.size());
  image.Choice(order.role, kLegRoles);
  image.All(order.extended_hours, order.triggered);
  image.All(order.parent, order.take_profit, order.stop_loss, order.replaces, order.replaced_by);
  image.All(order.quantity, order.notional, order.filled, order.filled_value);
  image.All(order.limit, order.stop, order.trail_price, order.trail_percent, order.hwm,
            order.reserve_price);
  image.All(order.created, order.updated, order.filled_at, order.canceled_at, order.expired_at,
            order.failed_at, order.replaced_at);
}

template <typename Image, typename AnyQuote>
void PassQuote(Image& image, AnyQuote& quote) {
  auto& [price, bid, ask, bid_size, ask_size, reference, time, price_time, volume] = quote;
  image.All(price, bid, ask, bid_size, ask_size, reference, time, price_time, volume);
}

}  // namespace livetape::floor
