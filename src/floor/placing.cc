// New orders: judged, numbered, told, and given their first turn.

#include "base/assert.h"
#include "floor/floor_state.h"
#include "floor/order_checks.h"

namespace livetape::floor {

using model::LegRole;
using model::OrderClass;
using model::OrderId;
using model::OrderStatus;
using model::OrderType;
using model::TimeInForce;

namespace {

size_t LegsOf(const OrderRequest& request) {
  switch (request.order_class) {
    case OrderClass::kSimple:
      return 0;
    case OrderClass::kBracket:
      return 2;
    case OrderClass::kOco:
    case OrderClass::kOto:
      return 1;
  }
  return 0;
}

bool ForAuction(TimeInForce tif) { return tif == TimeInForce::kOpg || tif == TimeInForce::kCls; }

}  // namespace

model::Order TradingFloor::State::OrderOf(model::AccountId account,
                                          const OrderRequest& request) const {
  model::Order order;
  order.id = OrderId(next_order_);
  order.account = account;
  order.instrument = request.instrument;
  order.side = request.side;
  order.type = request.type;
  order.tif = request.tif;
  order.order_class = request.order_class;
  order.intent = request.side == model::Side::kBuy ? model::PositionIntent::kBuyToOpen
                                                   : model::PositionIntent::kSellToOpen;
  order.extended_hours = request.extended_hours;
  order.quantity = request.quantity.value_or(base::Quantity());
  order.notional = request.notional.value_or(base::Amount());
  order.limit = request.limit.value_or(base::Price());
  if (request.order_class == OrderClass::kOco && request.take_profit_limit) {
    order.limit = *request.take_profit_limit;
  }
  order.stop = request.stop.value_or(base::Price());
  order.trail_price = request.trail_price.value_or(base::Price());
  order.trail_percent = request.trail_percent.value_or(base::Decimal());
  order.created = now_;
  order.client_id = request.client_id;
  return order;
}

// `parent` has been judged. A bracket's legs take their quantity when it has been filled.
model::Order TradingFloor::State::LegOf(const model::Order& parent, const OrderRequest& request,
                                        LegRole role) const {
  const bool oco = parent.order_class == OrderClass::kOco;
  model::Order leg;
  leg.account = parent.account;
  leg.instrument = parent.instrument;
  leg.side = oco ? parent.side : model::Opposite(parent.side);
  leg.intent = leg.side == model::Side::kSell ? model::PositionIntent::kSellToClose
                                              : model::PositionIntent::kBuyToClose;
  leg.tif = parent.tif;
  leg.order_class = parent.order_class;
  leg.role = role;
  leg.parent = parent.id;
  leg.quantity = parent.quantity;
  leg.created = now_;
  if (role == LegRole::kTakeProfit) {
    leg.type = OrderType::kLimit;
    leg.limit = *request.take_profit_limit;
  } else {
    leg.type = request.stop_loss_limit ? OrderType::kStopLimit : OrderType::kStop;
    leg.stop = *request.stop_loss_stop;
    leg.limit = request.stop_loss_limit.value_or(base::Price());
  }
  return leg;
}

std::expected<OrderId, Refusal> TradingFloor::State::Place(base::WallTime time,
                                                           model::AccountId account,
                                                           const OrderRequest& request) {
  Advance(time);
  Settle();
  Trader& trader = TraderOf(account);
  const Market& market = MarketOf(request.instrument);
  if (const OrderId first = FindByClientId(account, request.client_id); first.value() != 0) {
    Refusal refusal;
    refusal.reason = RefusalReason::kDuplicateClientOrderId;
    refusal.order = first;
    return std::unexpected(refusal);
  }
  model::Order order = OrderOf(account, request);
  Refusal refusal;
  refusal.reason = Validate(request, market.asset_class);
  if (refusal.reason == RefusalReason::kNone) {
    refusal = Judge(order, {.account = trader.account,
                            .open = trader.orders,
                            .quotes = quotes_,
                            .asset_class = market.asset_class,
                            .asked = request.intent,
                            .take_profit = request.take_profit_limit.value_or(base::Price()),
                            .stop_loss = request.stop_loss_stop.value_or(base::Price()),
                            .new_orders = 1 + LegsOf(request),
                            .orders_this_second = PlacedThisSecond(trader, time)});
  }
  if (refusal.reason != RefusalReason::kNone) return std::unexpected(Refuse(order, refusal));
  Accept(order, request);
  Settle();
  return order.id;
}

// A refused order is told, has an id, and leaves its name free.
Refusal TradingFloor::State::Refuse(const model::Order& order, const Refusal& refusal) {
  ++next_order_;
  OrderEvent event;
  event.kind = OrderEventKind::kRejected;
  event.reason = refusal.reason;
  event.time = now_;
  event.order = order;
  event.order.status = OrderStatus::kRejected;
  event.order.updated = event.order.failed_at = now_;
  observer_.OnOrderEvent(event);
  return refusal;
}

uint32_t TradingFloor::State::PlacedThisSecond(Trader& trader, base::WallTime time) {
  const int64_t second = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  if (trader.second != second) {
    trader.second = second;
    trader.placed = 0;
  }
  return trader.placed;
}

void TradingFloor::State::AddName(const model::Order& order) {
  if (order.client_id.empty()) return;
  if (names_.Find(order.account, order.client_id).value() != 0) return;
  names_.Add(order.account, order.client_id, order.id);
}

bool TradingFloor::State::TradesNow(const model::Order& order) {
  return MarketOf(order.instrument).open && !ForAuction(order.tif);
}

void TradingFloor::State::Accept(const model::Order& judged, const OrderRequest& request) {
  ++next_order_;
  OpenOrder& parent = AddOrder(judged);
  AddName(judged);
  ++TraderOf(parent).placed;
  const uint64_t first_leg = next_order_;
  next_order_ += LegsOf(request);
  const bool has_take_profit = judged.order_class != OrderClass::kOco && request.take_profit_limit;
  if (has_take_profit) parent.order.take_profit = OrderId(first_leg);
  if (request.stop_loss_stop) parent.order.stop_loss = OrderId(next_order_ - 1);

  Claim(parent);
  const bool live = TradesNow(judged);
  live ? Open(parent) : Await(parent);
  AcceptLegs(parent, request);
  if (!live) return;
  // Its turn may end it, and with it its leg.
  const OrderId stop_loss =
      judged.order_class == OrderClass::kOco ? parent.order.stop_loss : OrderId();
  Arrive(parent);
  Settle();
  if (OpenOrder* const leg = orders_.Find(stop_loss)) Arrive(*leg);
}

void TradingFloor::State::AcceptLegs(OpenOrder& parent, const OrderRequest& request) {
  const auto add = [&](OrderId id, LegRole role) {
    if (id.value() == 0) return;
    model::Order order = LegOf(parent.order, request, role);
    order.id = id;
    if (order.order_class == OrderClass::kOco) {
      OpenOrder& leg = AddOrder(order);
      TradesNow(order) ? Open(leg) : Await(leg);
      return;
    }
    order.status = OrderStatus::kHeld;
    Emit(OrderEventKind::kHeld, AddOrder(order));
  };
  add(parent.order.take_profit, LegRole::kTakeProfit);
  add(parent.order.stop_loss, LegRole::kStopLoss);
}

void TradingFloor::State::Open(OpenOrder& o) {
  o.order.status = o.order.filled.positive() ? OrderStatus::kPartiallyFilled : OrderStatus::kNew;
  if (o.order.type == OrderType::kTrailingStop && o.order.hwm.zero()) {
    StartTrailing(o, quotes_.Find(o.order.instrument)->price);
  }
  Emit(OrderEventKind::kNew, o);
}

void TradingFloor::State::Await(OpenOrder& o) {
  o.order.status = OrderStatus::kAccepted;
  Stand(o);
  Emit(OrderEventKind::kAccepted, o);
}

std::expected<void, Refusal> TradingFloor::State::Cancel(base::WallTime time,
                                                         model::AccountId account, OrderId id) {
  Advance(time);
  Settle();
  OpenOrder* const o = FindOpen(account, id);
  if (o == nullptr) {
    Refusal refusal;
    // One that was given out and is nobody's now is over.
    const bool over = id.value() != 0 && id.value() < next_order_ && orders_.Find(id) == nullptr;
    refusal.reason = over ? RefusalReason::kNotCancelable : RefusalReason::kNoOrder;
    return std::unexpected(refusal);
  }
  Close(*o, OrderEventKind::kCanceled);
  return {};
}

}  // namespace livetape::floor
