#include "api/alpaca/same_order.h"

namespace livetape::api {
namespace {

using model::Order;
using model::OrderClass;
using model::OrderType;

template <typename Value>
bool Same(const std::optional<Value>& asked, Value has) {
  return asked.value_or(Value{}) == has;
}

bool SameSize(const floor::OrderRequest& request, const Order& order) {
  // An order by notional learns its quantity later.
  if (request.notional || !order.notional.zero()) return Same(request.notional, order.notional);
  return Same(request.quantity, order.quantity);
}

bool SamePrices(const floor::OrderRequest& request, const Order& order) {
  const auto limit =
      request.order_class == OrderClass::kOco ? request.take_profit_limit : request.limit;
  const bool has_limit = request.type == OrderType::kLimit || request.type == OrderType::kStopLimit;
  // A trailing stop's stop moves.
  const bool has_stop = request.type == OrderType::kStop || request.type == OrderType::kStopLimit;
  return (!has_limit || Same(limit, order.limit)) &&
         (!has_stop || Same(request.stop, order.stop)) &&
         Same(request.trail_price, order.trail_price) &&
         Same(request.trail_percent, order.trail_percent);
}

const Order* LegOf(const FirstOrder& first, model::LegRole role) {
  for (const Order& leg : first.legs) {
    if (leg.role == role) return &leg;
  }
  return nullptr;
}

bool SameLegs(const floor::OrderRequest& request, const FirstOrder& first) {
  const Order none;
  const Order* const take_profit = LegOf(first, model::LegRole::kTakeProfit);
  const Order* const stop_loss = LegOf(first, model::LegRole::kStopLoss);
  // An OCO's take-profit is the order itself.
  if (request.order_class != OrderClass::kOco &&
      !Same(request.take_profit_limit, (take_profit == nullptr ? none : *take_profit).limit)) {
    return false;
  }
  return Same(request.stop_loss_stop, (stop_loss == nullptr ? none : *stop_loss).stop) &&
         Same(request.stop_loss_limit, (stop_loss == nullptr ? none : *stop_loss).limit);
}

}  // namespace

bool AskedForTheSame(const floor::OrderRequest& request, std::string_view symbol,
                     const FirstOrder& first) {
  const Order& order = first.order;
  return symbol == first.symbol && request.side == order.side && request.type == order.type &&
         request.tif == order.tif && request.order_class == order.order_class &&
         request.extended_hours == order.extended_hours &&
         request.intent.value_or(order.intent) == order.intent && SameSize(request, order) &&
         SamePrices(request, order) && SameLegs(request, first);
}

}  // namespace livetape::api
