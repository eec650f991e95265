// Replacing: a new order with a new id takes the place of an open one, and its reservations, its
// fills so far and its legs with it.

#include <utility>

#include "base/assert.h"
#include "floor/floor_state.h"
#include "floor/order_checks.h"

namespace livetape::floor {

using model::LegRole;
using model::OrderClass;
using model::OrderId;
using model::OrderStatus;
using model::OrderType;
using Reason = RefusalReason;

namespace {

Refusal Because(Reason reason) {
  Refusal refusal;
  refusal.reason = reason;
  return refusal;
}

// A leg, or the parent of an OCO, which is one.
bool IsExit(const model::Order& order) {
  return order.role != LegRole::kParent || order.order_class == OrderClass::kOco;
}

bool HasStop(const model::Order& order) {
  return order.type == OrderType::kStop || order.type == OrderType::kStopLimit;
}

void Change(model::Order& order, const OrderChange& change) {
  if (change.quantity) order.quantity = *change.quantity;
  if (change.tif) order.tif = *change.tif;
  if (change.limit) order.limit = *change.limit;
  if (change.stop) order.stop = *change.stop;
  if (change.trail && order.trail_price.positive()) {
    order.trail_price = base::Price::FromUnits(change.trail->units());
  } else if (change.trail) {
    order.trail_percent = *change.trail;
  }
  order.client_id = change.client_id;
}

bool SameTerms(const model::Order& a, const model::Order& b) {
  return a.quantity == b.quantity && a.tif == b.tif && a.limit == b.limit && a.stop == b.stop &&
         a.trail_price == b.trail_price && a.trail_percent == b.trail_percent;
}

}  // namespace

// What may be changed of which order.
Refusal TradingFloor::State::CheckChange(const OpenOrder& old, const OrderChange& change) const {
  const model::Order& order = old.order;
  const bool waits =
      order.status != OrderStatus::kNew && order.status != OrderStatus::kPartiallyFilled;
  const bool trading = order.triggered && !Limited(order);
  if (waits || trading || !order.notional.zero()) return Because(Reason::kReplaceNotAllowed);
  if (change.limit && !Limited(order)) return Because(Reason::kExtraLimitPrice);
  if (change.stop && !HasStop(order)) return Because(Reason::kExtraStopPrice);
  if (change.trail && order.type != OrderType::kTrailingStop) return Because(Reason::kExtraTrail);
  if (change.trail && !change.trail->positive()) return Because(Reason::kPriceNotPositive);
  // A stop that has been reached is history; quantity and time of legs are their family's.
  if (change.stop && order.triggered) return Because(Reason::kNothingToReplace);
  if (IsExit(order) && (change.quantity || change.tif)) return Because(Reason::kNothingToReplace);
  if (const OrderId first = FindByClientId(order.account, change.client_id); first.value() != 0) {
    Refusal refusal = Because(Reason::kDuplicateClientOrderId);
    refusal.order = first;
    return refusal;
  }
  model::Order next = order;
  Change(next, change);
  return Because(SameTerms(order, next) ? Reason::kNothingToReplace : Reason::kNone);
}

// The order as a client would ask for it now.
OrderRequest TradingFloor::State::RequestOf(const model::Order& order) const {
  OrderRequest request;
  request.instrument = order.instrument;
  request.side = order.side;
  request.type = order.type;
  request.tif = order.tif;
  request.extended_hours = order.extended_hours;
  request.quantity = order.quantity;
  if (Limited(order)) request.limit = order.limit;
  if (HasStop(order)) request.stop = order.stop;
  if (!order.trail_price.zero()) request.trail_price = order.trail_price;
  if (!order.trail_percent.zero()) request.trail_percent = order.trail_percent;
  if (order.role != LegRole::kParent) return request;
  const OpenOrder* const take_profit = orders_.Find(order.take_profit);
  const OpenOrder* const stop_loss = orders_.Find(order.stop_loss);
  const bool oco = order.order_class == OrderClass::kOco;
  // A bracket whose legs have been canceled is a simple order.
  if (take_profit == nullptr && stop_loss == nullptr) return request;
  request.order_class = order.order_class;
  if (take_profit != nullptr) request.take_profit_limit = take_profit->order.limit;
  if (oco) request.take_profit_limit = order.limit;
  if (stop_loss != nullptr) request.stop_loss_stop = stop_loss->order.stop;
  return request;
}

// A leg that is changed stays on its side of the other.
bool TradingFloor::State::LegsFit(const model::Order& next, const OpenOrder& old) const {
  const OpenOrder* const other = SiblingOf(old.order);
  if (next.role == LegRole::kParent || other == nullptr) return true;
  const bool takes_profit = next.role == LegRole::kTakeProfit;
  const model::Order& take_profit = takes_profit ? next : other->order;
  const model::Order& stop_loss = takes_profit ? other->order : next;
  return LegsAround(next.side, {}, take_profit.limit, stop_loss.stop,
                    markets_[next.instrument.value()].asset_class);
}

// As if `next` were placed while `old` is not there.
Refusal TradingFloor::State::JudgeChange(OpenOrder& old, model::Order& next, base::WallTime time) {
  if (next.quantity <= next.filled) return Because(Reason::kQuantityNotPositive);
  Trader& trader = TraderOf(old);
  const model::AssetClass asset_class = MarketOf(old).asset_class;
  const OrderRequest request = RequestOf(next);
  const Reason reason = Validate(request, asset_class);
  if (reason != Reason::kNone) return Because(reason);
  if (!LegsFit(next, old)) return Because(Reason::kLegOnWrongSide);
  // Only now is the trail one that can be reckoned with.
  if (next.type == OrderType::kTrailingStop) next.stop = TrailedStop(next, next.hwm);
  return Judge(next, {.account = trader.account,
                      .open = trader.orders,
                      .quotes = quotes_,
                      .asset_class = asset_class,
                      .asked = std::nullopt,
                      .take_profit = request.take_profit_limit.value_or(base::Price()),
                      .stop_loss = request.stop_loss_stop.value_or(base::Price()),
                      .new_orders = 0,
                      .orders_this_second = PlacedThisSecond(trader, time),
                      .keeps_hold = IsExit(next)});
}

// Legs follow their parent to its new id, and a parent its leg.
void TradingFloor::State::Relink(const model::Order& old, const OpenOrder& next) {
  const model::Order& order = next.order;
  if (order.order_class == OrderClass::kSimple) return;
  if (order.role != LegRole::kParent) {
    OpenOrder* const parent = orders_.Find(order.parent);
    if (parent == nullptr) return;
    (order.role == LegRole::kTakeProfit ? parent->order.take_profit : parent->order.stop_loss) =
        order.id;
    return Emit(OrderEventKind::kRestated, *parent);
  }
  for (const OrderId id : {old.take_profit, old.stop_loss}) {
    OpenOrder* const leg = orders_.Find(id);
    if (leg == nullptr) continue;
    Unrelate(leg->order);
    leg->order.parent = order.id;
    leg->order.tif = order.tif;
    if (leg->order.status == OrderStatus::kHeld) leg->order.quantity = order.quantity;
    Relate(leg->order);
    Emit(OrderEventKind::kRestated, *leg);
  }
}

std::expected<OrderId, Refusal> TradingFloor::State::Replace(base::WallTime time,
                                                             model::AccountId account, OrderId id,
                                                             const OrderChange& change) {
  Advance(time);
  Settle();
  OpenOrder* const old = FindOpen(account, id);
  if (old == nullptr) {
    const bool over = id.value() != 0 && id.value() < next_order_ && orders_.Find(id) == nullptr;
    return std::unexpected(Because(over ? Reason::kReplaceNotAllowed : Reason::kNoOrder));
  }
  Refusal refusal = CheckChange(*old, change);
  if (refusal.reason != Reason::kNone) return std::unexpected(refusal);

  model::Order next = old->order;
  Change(next, change);
  next.replaces = id;
  next.created = now_;
  Unclaim(*old);
  refusal = JudgeChange(*old, next, time);
  if (refusal.reason != Reason::kNone) {
    Claim(*old);
    return std::unexpected(refusal);
  }
  next.id = OrderId(next_order_++);
  ++TraderOf(*old).placed;

  Withdraw(*old);
  old->order.status = OrderStatus::kReplaced;
  old->order.replaced_by = next.id;
  old->order.replaced_at = now_;
  Emit(OrderEventKind::kReplaced, *old);
  const model::Order before = old->order;
  OpenOrder& o = AddOrder(next);
  Drop(*old);
  AddName(next);
  Claim(o);
  const bool live = TradesNow(next);
  live ? Open(o) : Await(o);
  Relink(before, o);
  if (live) Arrive(o);
  Settle();
  return next.id;
}

}  // namespace livetape::floor
