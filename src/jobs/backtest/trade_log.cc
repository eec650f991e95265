#include "jobs/backtest/trade_log.h"

#include <algorithm>

#include "base/assert.h"
#include "floor/money.h"

namespace livetape::jobs {
namespace {

// value / quantity, rounded half away from zero: for display.
base::Price Average(base::Amount value, base::Int128 quantity) {
  return base::Price::FromUnits(static_cast<int64_t>((value.units() + quantity / 2) / quantity));
}

}  // namespace

void TradeLog::OnOrderEvent(const floor::OrderEvent& event) {
  if (floor::IsFill(event.kind)) return Add(event);
  if (event.reason != floor::RefusalReason::kNone) Refuse(event.reason);
}

void TradeLog::OnRuined(model::AccountId account, base::WallTime /*time*/) {
  ruined_.push_back(account);
}

void TradeLog::Add(const floor::OrderEvent& event) {
  const model::Order& order = event.order;
  const floor::Fill& fill = event.fill;
  ++fill_count_;
  fees_ = floor::Plus(fees_, fill.fee);
  if (fills_.size() < kFillsKept) {
    fills_.push_back({.time = event.time,
                      .symbol = order.instrument,
                      .side = order.side,
                      .type = order.type,
                      .maker = fill.maker,
                      .order = order.id,
                      .quantity = fill.quantity,
                      .price = fill.price,
                      .source_price = fill.source_price,
                      .position = fill.position,
                      .fee = fill.fee,
                      .realized = fill.realized,
                      .cash = fill.cash});
  }
  LT_ASSERT(order.instrument.value() < open_.size(), "symbol {}", order.instrument.value());
  OpenTrade& open = open_[order.instrument.value()];
  const int64_t before = open.quantity;
  const int64_t after = fill.position.units();
  const bool buys = order.side == model::Side::kBuy;
  const bool reduces = before != 0 && (before > 0) != buys;
  if (before == 0) {
    open = {};
    open.trade.symbol = order.instrument;
    open.trade.is_long = buys;
    open.trade.opened = event.time;
  }
  open.trade.fees = floor::Plus(open.trade.fees, fill.fee);
  open.trade.profit = floor::Plus(open.trade.profit, fill.realized);
  open.quantity = after;
  if (!reduces) return Enter(open, fill.quantity, fill.price);

  // Crossing zero ends one trade and begins another; the fee belongs to the first.
  const bool crosses = after != 0 && (after > 0) == buys;
  const int64_t closed = crosses || after == 0 ? std::abs(before) : fill.quantity.units();
  open.closed += closed;
  open.exit_value = floor::Plus(open.exit_value, fill.price * base::Quantity::FromUnits(closed));
  if (after != 0 && !crosses) return;
  Finish(open, event.time);
  open = {};
  if (!crosses) return;
  open.trade.symbol = order.instrument;
  open.trade.is_long = buys;
  open.trade.opened = event.time;
  open.quantity = after;
  Enter(open, floor::Magnitude(fill.position), fill.price);
}

void TradeLog::Enter(OpenTrade& open, base::Quantity quantity, base::Price price) {
  open.bought += quantity.units();
  open.entry_value = floor::Plus(open.entry_value, price * quantity);
  open.trade.quantity =
      std::max(open.trade.quantity, base::Quantity::FromUnits(std::abs(open.quantity)));
}

void TradeLog::Finish(OpenTrade& open, base::WallTime time) {
  Trade& trade = open.trade;
  trade.closed = time;
  trade.entry = Average(open.entry_value, open.bought);
  trade.exit = Average(open.exit_value, open.closed);
  const double entry = open.entry_value.Approximate() / (static_cast<double>(open.bought) / 1e9);
  trade.fraction = trade.profit.Approximate() / (entry * trade.quantity.Approximate());
  outcomes_.push_back({trade.profit.Approximate(), trade.fraction});
  if (trades_.size() < kFillsKept) trades_.push_back(trade);
}

}  // namespace livetape::jobs
