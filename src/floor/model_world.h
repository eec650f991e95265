#pragma once

// ModelWorld: markets, accounts and open orders as the rules of trading see them (docs/trading.md),
// and what follows from these alone: worths, what is reserved and held, what an order needs, the
// prices of stops and fills. On its own, as ModelLedger. For tests; one thread uses it.

#include <algorithm>
#include <map>
#include <vector>

#include "floor/model_ledger.h"
#include "floor/model_market.h"
#include "model/order.h"

namespace livetape::floor {

inline bool ModelBuys(const model::Order& order) { return order.side == model::Side::kBuy; }
inline bool ModelLimited(const model::Order& order) {
  return order.type == model::OrderType::kLimit || order.type == model::OrderType::kStopLimit;
}
inline bool ModelStops(const model::Order& order) {
  return order.type == model::OrderType::kStop || order.type == model::OrderType::kStopLimit ||
         order.type == model::OrderType::kTrailingStop;
}
// A leg, or the parent of an OCO, which is one.
inline bool ModelExits(const model::Order& order) {
  return order.role != model::LegRole::kParent || order.order_class == model::OrderClass::kOco;
}

struct ModelOrder {
  model::Order order;            // as the last event told it
  base::Quantity filled_before;  // by those that it replaces
  int64_t mark = 0;              // of a trailing stop
  bool triggered = false;
};

class ModelWorld {
 public:
  explicit ModelWorld(bool exchange_hours) : exchange_hours_(exchange_hours) {}

  void AddInstrument(model::AssetClass asset_class) {
    ModelMarket& market = markets.emplace_back();
    market.asset_class = asset_class;
    market.bound = exchange_hours_ && asset_class == model::AssetClass::kUsEquity;
    market.open = !market.bound;
  }
  void OpenAccount(const AccountSettings& settings) {
    ledgers.emplace_back(settings);
    states.push_back(AccountState::kActive);
  }
  ModelMarket& MarketOf(const model::Order& order) { return markets[order.instrument.value()]; }
  const ModelMarket& MarketOf(const model::Order& order) const {
    return markets[order.instrument.value()];
  }
  const ModelLedger& LedgerOf(model::AccountId id) const { return ledgers[id.value()]; }

  // --- worths

  struct Worths {
    Int128 equity = 0, gross = 0, shorts = 0;
  };
  Worths WorthOf(model::AccountId id) const {
    Worths worth;
    worth.equity = LedgerOf(id).cash();
    for (const auto& [instrument, position] : LedgerOf(id).positions()) {
      const Int128 value = position.quantity * markets[instrument].price;
      worth.equity += value;
      worth.gross += value < 0 ? -value : value;
      worth.shorts += value < 0 ? -value : 0;
    }
    return worth;
  }
  Int128 PowerOf(model::AccountId id, model::AssetClass asset_class) const {
    const Worths worth = WorthOf(id);
    const ModelLedger& books = LedgerOf(id);
    const Int128 power = asset_class == model::AssetClass::kCrypto
                             ? books.cash() - worth.shorts
                             : books.settings().multiplier * worth.equity - worth.gross;
    return std::max<Int128>(0, power - ReservedOf(id));
  }

  // --- reserved and held

  Int128 ReservedOf(model::AccountId id) const {
    Int128 sum = 0;
    for (const auto& [number, open] : orders) {
      if (open.order.account == id) sum += Reserve(open.order);
    }
    return sum;
  }
  static Int128 Reserve(const model::Order& order) {
    if (!order.opening() || order.status == model::OrderStatus::kHeld) return 0;
    if (!order.notional.zero()) {
      return std::max<Int128>(0, order.notional.units() - order.filled_value.units());
    }
    return Int128{order.reserve_price.units()} * order.leaves().units();
  }
  // Legs of one parent hold once: the most that one of them has left.
  Int128 HeldOf(model::AccountId id, model::InstrumentId instrument) const {
    std::map<uint64_t, Int128> families;
    for (const auto& [number, open] : orders) {
      const model::Order& order = open.order;
      const bool holds = order.account == id && order.instrument == instrument &&
                         !order.opening() && order.status != model::OrderStatus::kHeld;
      if (!holds) continue;
      Int128& held = families[order.parent.value() != 0 ? order.parent.value() : number];
      held = std::max(held, Hold(order));
    }
    Int128 sum = 0;
    for (const auto& [family, held] : families) sum += held;
    return sum;
  }
  static Int128 Hold(const model::Order& order) {
    if (order.notional.zero()) return order.leaves().units();
    const Int128 all = order.notional.units() / order.reserve_price.units();
    return std::max<Int128>(0, all - order.filled.units());
  }

  // --- what an order needs at acceptance

  struct Need {
    Int128 money = 0, power = 0;         // of an opening order
    Int128 quantity = 0, available = 0;  // of a reducing one
  };
  Need NeedOf(const model::Order& order) const {
    const int64_t price = AcceptancePrice(order);
    const bool by_quantity = order.notional.zero();
    const Int128 has = LedgerOf(order.account).quantity(order.instrument.value());
    Need need;
    need.money =
        by_quantity ? Int128{price} * order.leaves().units() : Int128{order.notional.units()};
    need.power = PowerOf(order.account, MarketOf(order).asset_class);
    need.quantity =
        by_quantity ? Int128{order.leaves().units()} : Int128{order.notional.units() / price};
    need.available = (has < 0 ? -has : has) - HeldOf(order.account, order.instrument);
    return need;
  }
  // The price that its quantity counts with.
  int64_t AcceptancePrice(const model::Order& order) const {
    const ModelMarket& market = MarketOf(order);
    if (ModelLimited(order)) return order.limit.units();
    if (order.type == model::OrderType::kStop) return order.stop.units();
    if (order.type == model::OrderType::kTrailingStop) {
      return TrailedFrom(order, order.hwm.units() != 0 ? order.hwm.units() : market.price);
    }
    const int64_t opposing = market.Opposing(order.side);
    const bool in_backtest = LedgerOf(order.account).settings().crypto_short;
    const bool shorts = order.intent == model::PositionIntent::kSellToOpen;
    return in_backtest && shorts ? WithSlippage(order, opposing) : opposing;
  }
  model::PositionIntent IntentOf(const model::Order& order) const {
    using model::PositionIntent;
    const Int128 has = LedgerOf(order.account).quantity(order.instrument.value());
    if (ModelBuys(order)) return has < 0 ? PositionIntent::kBuyToClose : PositionIntent::kBuyToOpen;
    return has > 0 ? PositionIntent::kSellToClose : PositionIntent::kSellToOpen;
  }

  // Has no legs, or none any more: an entry whose legs have been canceled is as good as a simple one.
  bool StandsAlone(const model::Order& order) const {
    if (order.order_class == model::OrderClass::kSimple) return true;
    return !ModelExits(order) && order.replaces.value() != 0 &&
           !orders.contains(order.take_profit.value()) && !orders.contains(order.stop_loss.value());
  }

  // --- prices

  static int64_t TrailedFrom(const model::Order& order, int64_t mark) {
    const Int128 sign = ModelBuys(order) ? 1 : -1;
    const Int128 stop =
        order.trail_price.units() != 0
            ? mark + sign * order.trail_price.units()
            : ModelDivide(mark * (100 * kModelOne + sign * order.trail_percent.units()),
                          100 * kModelOne);
    return static_cast<int64_t>(std::max<Int128>(1, stop));
  }
  // Follows the price; true once the stop has been reached.
  static bool Triggered(ModelOrder& open, int64_t price) {
    if (open.triggered) return true;
    const model::Order& order = open.order;
    const bool buys = ModelBuys(order);
    int64_t stop = order.stop.units();
    if (order.type == model::OrderType::kTrailingStop) {
      const bool better = buys ? price < open.mark : price > open.mark;
      if (open.mark == 0 || better) open.mark = price;
      stop = TrailedFrom(order, open.mark);
    }
    open.triggered = buys ? price >= stop : price <= stop;
    return open.triggered;
  }
  int64_t WithSlippage(const model::Order& order, int64_t source) const {
    if (ModelLimited(order)) return source;
    const Int128 whole = 10'000 * kModelOne;
    const Int128 bps = LedgerOf(order.account).settings().slippage_bps.units();
    return static_cast<int64_t>(std::max<Int128>(
        1, ModelDivide(source * (ModelBuys(order) ? whole + bps : whole - bps), whole)));
  }

  std::vector<ModelMarket> markets;
  std::vector<ModelLedger> ledgers;
  std::vector<AccountState> states;
  std::map<uint64_t, ModelOrder> orders;  // open ones, by id

 private:
  const bool exchange_hours_;
};

}  // namespace livetape::floor
