#pragma once

// How things stand, in the words of a scenario: accounts, positions, orders, fills, refusals
// (src/floor/scenarios/README.md). For tests. Pure functions, no threads.

#include <string>

#include "base/amount_text.h"
#include "floor/order_event.h"
#include "floor/scenario_happening.h"
#include "floor/trading_floor.h"

namespace livetape::floor {

inline Fields DescribeAccount(const TradingFloor& floor, model::AccountId id) {
  const Account& account = floor.account(id);
  const Valuation value = account.Value(floor.quotes());
  return {{"cash", account.cash().ToString()},
          {"start", account.start().ToString()},
          {"equity", value.equity.ToString()},
          {"long", value.long_value.ToString()},
          {"short", value.short_value.ToString()},
          {"gross", value.gross.ToString()},
          {"unrealized", value.unrealized.ToString()},
          {"realized", account.realized().ToString()},
          {"reserved", account.reserved().ToString()},
          {"buying_power", account.BuyingPower(value).ToString()},
          {"non_marginable", account.NonMarginableBuyingPower(value).ToString()},
          {"last_equity", account.day_start().ToString()},
          {"day_pnl", account.day_pnl().ToString()},
          {"peak", account.peak().ToString()},
          {"fills", std::to_string(account.fills())},
          {"orders", std::to_string(floor.OpenOrders(id).size())},
          {"state", std::string(Name(account.state()))}};
}

// The average has 12 significant digits.
inline Fields DescribePosition(const Account& account, model::InstrumentId id) {
  const Position* const position = account.Find(id);
  if (position == nullptr) return {{"qty", "0"}};
  const bool is_long = position->quantity.positive();
  const auto sign = is_long ? 1 : -1;
  const auto quantity = base::Quantity::FromUnits(sign * position->quantity.units());
  const auto cost = base::Amount::FromUnits(sign * position->cost.units());
  return {{"qty", position->quantity.ToString()},
          {"cost", position->cost.ToString()},
          {"average", Canonical(base::DivideToText(cost, base::Amount::From(quantity), 12))},
          {"held", position->held.ToString()},
          {"available", account.Available(id).ToString()},
          {"lastday_price", position->last_day_price.ToString()},
          {"day_basis", position->day_basis.ToString()}};
}

inline void DescribeOrder(const model::Order& order, Fields& fields) {
  fields["status"] = Name(order.status);
  fields["type"] = Name(order.type);
  fields["tif"] = Name(order.tif);
  fields["intent"] = Name(order.intent);
  fields["qty"] = order.quantity.ToString();
  fields["filled"] = order.filled.ToString();
  fields["filled_value"] = order.filled_value.ToString();
  fields["limit"] = order.limit.ToString();
  fields["stop"] = order.stop.ToString();
  fields["hwm"] = order.hwm.ToString();
  fields["reserve_price"] = order.reserve_price.ToString();
  fields["triggered"] = order.triggered ? "yes" : "no";
}

inline void DescribeFill(const Fill& fill, Fields& fields) {
  fields["fee"] = fill.fee.ToString();
  fields["realized"] = fill.realized.ToString();
  fields["model"] = kFillModelNames[static_cast<size_t>(fill.model)];
  fields["source"] = fill.source_price.ToString();
  fields["slippage"] = fill.slippage.ToString();
  fields["level"] = std::to_string(fill.level);
  fields["fee_rate"] = fill.fee_rate.ToString();
  fields["liquidity"] = fill.maker ? "maker" : "taker";
  fields["cash"] = fill.cash.ToString();
  fields["total"] = fill.account_realized.ToString();
  fields["position"] = fill.position.ToString();
}

inline void DescribeRefusal(const Refusal& refusal, Fields& fields) {
  fields["requested"] = refusal.requested.ToString();
  fields["existing"] = refusal.existing.ToString();
  fields["held"] = refusal.held.ToString();
  fields["available"] = refusal.available.ToString();
  fields["most"] = refusal.limit.ToString();
  fields["needed"] = refusal.needed.ToString();
}

}  // namespace livetape::floor
