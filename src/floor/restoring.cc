// Restoring: accounts from their snapshots, then the events after them, as far as they tell. What
// is reserved and held follows from the orders; marks of trailing stops and stops that have been
// reached are as old as the snapshot.

#include <algorithm>

#include "base/assert.h"
#include "floor/floor_state.h"

namespace livetape::floor {

using model::LegRole;
using model::OrderClass;
using model::OrderId;
using model::OrderStatus;

namespace {

// Beyond it those that are settled after all are thrown out.
constexpr size_t kUnsettledMax = 4096;

}  // namespace

void TradingFloor::State::RestoreQuote(model::InstrumentId instrument, const model::Quote& quote) {
  Flag(MarketOf(instrument));
  quotes_.Restore(instrument, quote);
}

void TradingFloor::State::RestoreAccount(AccountSnapshot snapshot, base::WallTime time) {
  const model::AccountId id(static_cast<uint32_t>(traders_.size()));
  Trader& trader = *traders_.emplace_back(
      std::make_unique<Trader>(Trader{id, std::move(snapshot.account), {}, false, 0, 0, time}));
  Account& account = trader.account;
  account.Release(account.reserved());
  for (const auto& [instrument, position] : account.positions()) {
    account.Unhold(instrument, position.held);
    Hold(trader, instrument, true);
  }
  for (const model::Order& order : snapshot.orders) {
    LT_ASSERT(order.account == id && !Closed(order.status), "order {} of account {}",
              order.id.value(), id.value());
    Advance(order.updated);
    next_order_ = std::max(next_order_, order.id.value() + 1);
    AddOrder(order);
    AddName(order);
  }
  for (OpenOrder* o = trader.orders.first; o != nullptr; o = o->after) {
    Claim(*o);
    Stand(*o);
  }
  if (risk_) risk_->Restore(id, snapshot.risk);
  Touch(trader);
}

// Orders that are younger than what ends again had it behind them when they were placed.
void TradingFloor::State::ReturnTo(base::WallTime time) {
  now_ = std::min(now_, time);
  for (const auto& trader : traders_) trader->held = std::min(trader->held, time);
}

void TradingFloor::State::RestoreClientId(model::AccountId account,
                                          const model::ClientOrderId& name, OrderId order) {
  if (name.empty() || names_.Find(account, name).value() != 0) return;
  names_.Add(account, name, order);
}

void TradingFloor::State::RestoreIds(OrderId next_order, uint64_t next_fill) {
  next_order_ = std::max(next_order_, next_order.value());
  next_fill_ = std::max(next_fill_, next_fill);
}

void TradingFloor::State::Replay(const OrderEvent& event) {
  Advance(event.time);
  RestoreIds(OrderId(event.order.id.value() + 1), event.fill.number + 1);
  if (event.kind == OrderEventKind::kRejected) return;
  OpenOrder* o = orders_.Find(event.order.id);
  if (o == nullptr) {
    LT_ASSERT(!IsFill(event.kind), "order {} is filled but not open", event.order.id.value());
    if (Closed(event.order.status)) return;
    o = &AddOrder(event.order);
    ReplayPlaced(event.order);
  } else {
    Withdraw(*o);
    if (IsFill(event.kind)) ReplayFill(*o, event);
    Unrelate(o->order);
    o->order = event.order;
    Relate(o->order);
  }
  ReplayClaims(*o, event);
  Touch(TraderOf(*o));
  if (!Closed(event.order.status)) return Stand(*o);
  Drop(*o);
  if (event.order.order_class == OrderClass::kSimple) return;
  if (event.kind != OrderEventKind::kReplaced) unsettled_.push_back(event.order);
  if (unsettled_.size() > kUnsettledMax) {
    std::erase_if(unsettled_, [this](const model::Order& order) { return !HasRelatives(order); });
  }
}

void TradingFloor::State::ReplayPlaced(const model::Order& order) {
  AddName(order);
  if (order.role != LegRole::kParent && order.replaces.value() == 0) return;
  Trader& trader = TraderOf(order.account);
  PlacedThisSecond(trader, order.created);
  ++trader.placed;
}

void TradingFloor::State::ReplayFill(OpenOrder& o, const OrderEvent& event) {
  Trader& trader = TraderOf(o);
  if (!o.order.opening()) UseHold(trader, o, event.fill.quantity);
  Fill booked;
  const bool had_position = trader.account.Find(o.order.instrument) != nullptr;
  Book(trader, o.order, had_position, event.fill.quantity, event.fill.price, booked);
}

// Of legs the one that gives back comes first, so that they never hold twice. After a fill the
// other leg's own event follows.
void TradingFloor::State::ReplayClaims(OpenOrder& o, const OrderEvent& event) {
  OpenOrder* const sibling = IsFill(event.kind) ? nullptr : SiblingOf(o.order);
  const bool over = Closed(o.order.status);
  if (over) Claim(o);
  if (sibling != nullptr) Claim(*sibling);
  if (!over) Claim(o);
}

bool TradingFloor::State::HasRelatives(const model::Order& order) const {
  return SiblingOf(order) != nullptr || orders_.Find(order.take_profit) != nullptr ||
         orders_.Find(order.stop_loss) != nullptr;
}

// The last event that was kept may have had others behind it: legs of an entry that is filled, the
// other leg of one that is over.
void TradingFloor::State::FinishReplayed() {
  const std::vector<model::Order> unsettled = std::exchange(unsettled_, {});
  for (const model::Order& order : unsettled) {
    const bool entry = order.role == LegRole::kParent && order.order_class != OrderClass::kOco;
    if (entry && order.status == OrderStatus::kFilled) {
      Activate(order);
    } else {
      CloseRelatives(order, order.status == OrderStatus::kExpired ? OrderEventKind::kExpired
                                                                  : OrderEventKind::kCanceled);
    }
  }
}

}  // namespace livetape::floor
