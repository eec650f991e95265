// A fill: the account books it, the order and its sibling follow, everybody is told.

#include <algorithm>

#include "base/assert.h"
#include "floor/floor_state.h"

namespace livetape::floor {

using model::LegRole;
using model::OrderClass;
using model::OrderStatus;

bool TradingFloor::State::MakeFill(OpenOrder& o, const Execution& x) {
  Trader& trader = TraderOf(o);
  if (!x.quantity.positive()) {
    // The notional buys nothing at this price.
    Close(o, OrderEventKind::kCanceled, RefusalReason::kNotionalTooSmall);
    return false;
  }
  if (!trader.account.CanTake(o.order.instrument, o.order.side, x.quantity, x.price)) {
    Close(o, OrderEventKind::kCanceled, RefusalReason::kAccountTooLarge);
    return false;
  }
  if (x.depth != nullptr) x.depth->Take(o.order.account, x.source, x.quantity);
  const Position* const position = trader.account.Find(o.order.instrument);
  if (o.order.opening()) {
    if (position != nullptr) Shed(trader, o.order, *position, x.quantity);
  } else {
    LT_ASSERT(position != nullptr && position->quantity.positive() != Buys(o.order) &&
                  Magnitude(position->quantity) >= x.quantity,
              "order {} would open", o.order.id.value());
    UseHold(trader, o, x.quantity);
  }

  OrderEvent event;
  event.kind = x.completes ? OrderEventKind::kFill : OrderEventKind::kPartialFill;
  event.time = now_;
  event.fill.number = next_fill_++;
  event.fill.model = x.model;
  event.fill.source_price = x.source;
  event.fill.slippage = base::Price::FromUnits(
      std::max(x.price.units() - x.source.units(), x.source.units() - x.price.units()));
  event.fill.level = x.level;
  event.fill.fee_rate = trader.account.settings().fees.rate;
  event.fill.maker = x.maker;

  Book(trader, o.order, position != nullptr, x.quantity, x.price, event.fill);

  model::Order& order = o.order;
  order.filled = base::Quantity::FromUnits(order.filled.units() + x.quantity.units());
  order.filled_value = Plus(order.filled_value, x.price * x.quantity);
  order.status = x.completes ? OrderStatus::kFilled : OrderStatus::kPartiallyFilled;
  order.updated = now_;
  if (x.completes) {
    order.filled_at = now_;
    if (order.quantity.zero()) order.quantity = order.filled;
    Withdraw(o);
  }
  Claim(o);
  event.order = order;
  observer_.OnOrderEvent(event);
  trader.account.Sample(quotes_);
  Touch(trader);
  FlagRuin(trader);
  FlagRisk(trader);

  if (!x.completes) {
    ShrinkSibling(order, x.quantity);
    return true;
  }
  const model::Order filled = order;
  Drop(o);
  const bool entry =
      filled.role == LegRole::kParent &&
      (filled.order_class == OrderClass::kBracket || filled.order_class == OrderClass::kOto);
  if (entry) consequences_.push_back({.ruin = false, .account = {}, .parent = filled});
  if (OpenOrder* const sibling = SiblingOf(filled)) Close(*sibling, OrderEventKind::kCanceled);
  return false;
}

// A fill takes what was held for it; the order's own claim follows.
void TradingFloor::State::UseHold(Trader& trader, OpenOrder& o, base::Quantity quantity) {
  OpenOrder& holder = HolderOf(o);
  const base::Quantity used = std::min(holder.held, quantity);
  trader.account.Unhold(o.order.instrument, used);
  holder.held = base::Quantity::FromUnits(holder.held.units() - used.units());
}

// Books the fill and sees who holds the instrument after it.
void TradingFloor::State::Book(Trader& trader, const model::Order& order, bool had_position,
                               base::Quantity quantity, base::Price price, floor::Fill& fill) {
  Account& account = trader.account;
  const Account::Effect effect = account.Take(order.instrument, order.side, quantity, price);
  fill.quantity = quantity;
  fill.price = price;
  fill.fee = effect.fee;
  fill.realized = effect.realized;
  fill.cash = account.cash();
  fill.account_realized = account.realized();
  fill.position = effect.position;
  const bool has_position = !effect.position.zero();
  if (has_position != had_position) Hold(trader, order.instrument, has_position);
}

void TradingFloor::State::Hold(const Trader& trader, model::InstrumentId instrument, bool holds) {
  std::vector<model::AccountId>& holders = MarketOf(instrument).holders;
  const auto place = std::lower_bound(holders.begin(), holders.end(), trader.id);
  if (holds) {
    holders.insert(place, trader.id);
  } else {
    holders.erase(place);
  }
}

// What one leg has sold the other cannot.
void TradingFloor::State::ShrinkSibling(const model::Order& order, base::Quantity by) {
  OpenOrder* const sibling = SiblingOf(order);
  if (sibling == nullptr) return;
  sibling->order.quantity = base::Quantity::FromUnits(sibling->order.quantity.units() - by.units());
  Claim(*sibling);
  Emit(OrderEventKind::kRestated, *sibling);
}

// An opening order may meet a position of the other side that came after it. Reducing orders that
// the rest of that position cannot serve any more end before, the newest first: one that reduces
// must never open.
void TradingFloor::State::Shed(Trader& trader, const model::Order& taker, const Position& position,
                               base::Quantity quantity) {
  if (position.quantity.positive() == Buys(taker)) return;
  const int64_t rest =
      std::max<int64_t>(0, Magnitude(position.quantity).units() - quantity.units());
  while (position.held.units() > rest) {
    OpenOrder* newest = trader.orders.last;
    while (newest != nullptr &&
           (newest->held.zero() || newest->order.instrument != taker.instrument)) {
      newest = newest->before;
    }
    LT_ASSERT(newest != nullptr, "account {} holds {} for nobody", trader.id.value(),
              position.held.units());
    Close(*newest, OrderEventKind::kCanceled, RefusalReason::kInsufficientQuantity);
  }
}

}  // namespace livetape::floor
