#pragma once

// Witness: a floor with two stocks and a coin that keeps all that it has told, and texts of orders,
// events and accounts that have every field. For tests.

#include <string>
#include <string_view>
#include <vector>

#include "floor/trading_floor.h"

namespace livetape::floor {

inline std::string OrderText(const model::Order& o) {
  std::string text;
  const auto add = [&text](std::string_view field) { text.append(field).append(" "); };
  const auto number = [&add](auto value) { add(std::to_string(value)); };
  number(o.id.value());
  number(o.account.value());
  number(o.instrument.value());
  for (const auto name : {Name(o.status), Name(o.side), Name(o.type), Name(o.tif),
                          Name(o.order_class), Name(o.intent)}) {
    add(name);
  }
  number(static_cast<int>(o.role));
  number(o.triggered);
  for (const model::OrderId id :
       {o.parent, o.take_profit, o.stop_loss, o.replaces, o.replaced_by}) {
    number(id.value());
  }
  for (const base::Quantity q : {o.quantity, o.filled}) add(q.ToString());
  for (const base::Amount a : {o.notional, o.filled_value}) add(a.ToString());
  for (const base::Price p : {o.limit, o.stop, o.trail_price, o.hwm, o.reserve_price}) {
    add(p.ToString());
  }
  add(o.trail_percent.ToString());
  for (const base::WallTime t : {o.created, o.updated, o.filled_at, o.canceled_at, o.expired_at,
                                 o.failed_at, o.replaced_at}) {
    number(t.time_since_epoch().count());
  }
  add(o.client_id.view());
  return text;
}

// All of it.
inline std::string WholeText(const OrderEvent& e) {
  std::string text(Name(e.kind));
  text.append(" ").append(Code(e.reason)).append(" ");
  text += std::to_string(e.time.time_since_epoch().count()) + " " + OrderText(e.order);
  const Fill& f = e.fill;
  for (const uint64_t number :
       {f.number, static_cast<uint64_t>(f.model), uint64_t{f.level}, uint64_t{f.maker}}) {
    text += std::to_string(number) + " ";
  }
  for (const base::Amount a : {f.fee, f.realized, f.cash, f.account_realized}) {
    text += a.ToString() + " ";
  }
  for (const base::Price p : {f.price, f.source_price, f.slippage}) text += p.ToString() + " ";
  return text + f.quantity.ToString() + " " + f.position.ToString();
}

// A floor with all that it has told.
struct Witness final : FloorObserver {
  explicit Witness(const TradingFloor::Options& options, InputListener* listener = nullptr)
      : floor(options, *this) {
    if (listener != nullptr) floor.SetInputListener(*listener);
    for (int i = 0; i < 3; ++i) {
      floor.AddInstrument(i < 2 ? model::AssetClass::kUsEquity : model::AssetClass::kCrypto);
    }
  }
  void OnOrderEvent(const OrderEvent& event) override { events.push_back(event); }
  void OnRuined(model::AccountId, base::WallTime) override { ++ruined; }

  // What an account is and has open, but for what only marks tell.
  std::string TextOf(model::AccountId id) const {
    const Account& account = floor.account(id);
    std::string text = "cash " + account.cash().ToString() + " realized " +
                       account.realized().ToString() + " reserved " +
                       account.reserved().ToString() + " fills " + std::to_string(account.fills()) +
                       "\n";
    for (const auto& [instrument, position] : account.positions()) {
      text += std::to_string(instrument.value()) + " " + position.quantity.ToString() + " cost " +
              position.cost.ToString() + " held " + position.held.ToString() + "\n";
    }
    for (const model::Order* order : floor.OpenOrders(id)) text += OrderText(*order) + "\n";
    return text;
  }

  TradingFloor floor;
  std::vector<OrderEvent> events;
  int ruined = 0;
};

}  // namespace livetape::floor
