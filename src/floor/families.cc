// What orders are to their accounts and to each other: claims, legs, and how an order ends.

#include <utility>

#include "base/assert.h"
#include "floor/floor_state.h"

namespace livetape::floor {

using model::LegRole;
using model::OrderClass;
using model::OrderId;
using model::OrderStatus;

OpenOrder& TradingFloor::State::AddOrder(const model::Order& order) {
  OpenOrder& o = orders_.Add(order, TraderOf(order.account).orders);
  Relate(order);
  return o;
}

void TradingFloor::State::Drop(OpenOrder& o) {
  LT_ASSERT(o.line == Line::kNowhere && o.reserved.zero() && o.held.zero(), "order {}",
            o.order.id.value());
  Unrelate(o.order);
  orders_.Remove(o, TraderOf(o).orders);
}

void TradingFloor::State::Claim(OpenOrder& o) {
  Account& account = TraderOf(o).account;
  const base::Amount reserve = ReservedFor(o.order);
  if (reserve > o.reserved) account.Reserve(Minus(reserve, o.reserved));
  if (reserve < o.reserved) account.Release(Minus(o.reserved, reserve));
  o.reserved = reserve;

  base::Quantity hold = HeldFor(o.order);
  if (!hold.zero() && o.order.role == LegRole::kStopLoss) {
    // The other leg holds for both while it is there.
    const OpenOrder* const sibling = SiblingOf(o.order);
    if (sibling != nullptr && !HeldFor(sibling->order).zero()) hold = {};
  }
  const int64_t more = hold.units() - o.held.units();
  if (more > 0) account.Hold(o.order.instrument, base::Quantity::FromUnits(more));
  if (more < 0) account.Unhold(o.order.instrument, base::Quantity::FromUnits(-more));
  o.held = hold;
}

void TradingFloor::State::Unclaim(OpenOrder& o) {
  Account& account = TraderOf(o).account;
  if (!o.reserved.zero()) account.Release(std::exchange(o.reserved, {}));
  if (!o.held.zero()) account.Unhold(o.order.instrument, std::exchange(o.held, {}));
}

OpenOrder* TradingFloor::State::SiblingOf(const model::Order& order) const {
  if (order.order_class == OrderClass::kSimple) return nullptr;
  if (order.order_class == OrderClass::kOco) {
    return orders_.Find(order.role == LegRole::kParent ? order.stop_loss : order.parent);
  }
  if (order.role == LegRole::kParent) return nullptr;
  const auto found = families_.find(order.parent);
  if (found == families_.end()) return nullptr;
  return orders_.Find(order.role == LegRole::kTakeProfit ? found->second.stop_loss
                                                         : found->second.take_profit);
}

OpenOrder& TradingFloor::State::HolderOf(OpenOrder& o) {
  if (!o.held.zero()) return o;
  OpenOrder* const sibling = SiblingOf(o.order);
  return sibling != nullptr ? *sibling : o;
}

void TradingFloor::State::Relate(const model::Order& order) {
  if (order.order_class != OrderClass::kBracket || order.role == LegRole::kParent) return;
  Family& family = families_[order.parent];
  (order.role == LegRole::kTakeProfit ? family.take_profit : family.stop_loss) = order.id;
}

void TradingFloor::State::Unrelate(const model::Order& order) {
  if (order.order_class != OrderClass::kBracket || order.role == LegRole::kParent) return;
  const auto found = families_.find(order.parent);
  LT_ASSERT(found != families_.end(), "order {}", order.id.value());
  OrderId& member =
      order.role == LegRole::kTakeProfit ? found->second.take_profit : found->second.stop_loss;
  // A leg that has been replaced has its place taken.
  if (member == order.id) member = OrderId();
  if (found->second.take_profit.value() == 0 && found->second.stop_loss.value() == 0) {
    families_.erase(found);
  }
}

void TradingFloor::State::Close(OpenOrder& o, OrderEventKind kind, RefusalReason reason) {
  Withdraw(o);
  if (kind == OrderEventKind::kExpired) {
    o.order.status = OrderStatus::kExpired;
    o.order.expired_at = now_;
  } else {
    LT_ASSERT(kind == OrderEventKind::kCanceled, "{}", Name(kind));
    o.order.status = OrderStatus::kCanceled;
    o.order.canceled_at = now_;
  }
  Claim(o);
  Emit(kind, o, reason);
  const model::Order order = o.order;
  Drop(o);
  CloseRelatives(order, kind);
}

// Legs that wait for an entry which is over, or the other leg. They end as it did.
void TradingFloor::State::CloseRelatives(const model::Order& order, OrderEventKind kind) {
  if (order.order_class == OrderClass::kSimple) return;
  if (OpenOrder* const sibling = SiblingOf(order)) return Close(*sibling, kind);
  if (order.role != LegRole::kParent || order.order_class == OrderClass::kOco) return;
  // Closing one closes the other.
  for (const OrderId id : {order.take_profit, order.stop_loss}) {
    if (OpenOrder* const leg = orders_.Find(id)) Close(*leg, kind);
  }
}

// The entry has been filled: its legs become active. Where opening orders of the other side have
// used up what it bought, there is nothing left to protect.
void TradingFloor::State::Activate(const model::Order& parent) {
  const Account& account = TraderOf(parent.account).account;
  const Position* const position = account.Find(parent.instrument);
  const bool protects = position != nullptr && position->quantity.positive() == Buys(parent) &&
                        account.Available(parent.instrument) >= parent.filled;
  const auto held = [this](OrderId id) {
    OpenOrder* const leg = orders_.Find(id);
    return leg != nullptr && leg->order.status == OrderStatus::kHeld ? leg : nullptr;
  };
  OpenOrder* const legs[] = {held(parent.take_profit), held(parent.stop_loss)};
  for (OpenOrder* const leg : legs) {
    if (leg == nullptr) continue;
    if (!protects) {
      return Close(*leg, OrderEventKind::kCanceled, RefusalReason::kInsufficientQuantity);
    }
    leg->order.quantity = parent.filled;
    leg->order.status = OrderStatus::kNew;
  }
  for (OpenOrder* const leg : legs) {
    if (leg == nullptr) continue;
    Claim(*leg);
    Emit(OrderEventKind::kNew, *leg);
  }
  // The first one's turn may end the second.
  for (const OrderId id : {parent.take_profit, parent.stop_loss}) {
    OpenOrder* const leg = orders_.Find(id);
    if (leg != nullptr && leg->line == Line::kNowhere) Arrive(*leg);
  }
}

void TradingFloor::State::SettleAll() {
  if (!unsettled_.empty()) [[unlikely]]
    FinishReplayed();
  for (size_t i = 0; i < consequences_.size(); ++i) {
    const Consequence next = consequences_[i];
    if (next.risk) {
      JudgeRisk(TraderOf(next.account));
      continue;
    }
    if (!next.ruin) {
      Activate(next.parent);
      continue;
    }
    Trader& trader = TraderOf(next.account);
    if (trader.account.state() == AccountState::kHalted) continue;
    trader.account.set_state(AccountState::kHalted);
    CancelAll(trader, RefusalReason::kAccountHalted);
    Touch(trader);
    observer_.OnRuined(trader.id, now_);
  }
  consequences_.clear();
}

}  // namespace livetape::floor
