#pragma once

// What may be accepted and what may be refused, judged from the rules of trading alone
// (docs/trading.md). The answers say what is wrong, "" is nothing. For tests. Pure functions.

#include <string>

#include "floor/model_world.h"
#include "floor/order_event.h"

namespace livetape::floor {

inline constexpr int64_t kModelQuantityMax = 9'000'000'000'000'000'000;
inline constexpr int64_t kModelPriceMax = 1'000'000'000'000'000'000;
inline constexpr Int128 kModelNotionalMax = 1'000'000 * kModelOne * kModelOne * kModelOne;

// A price that has to be there, or must not be.
inline std::string PriceFault(base::Price price, bool wanted, bool stock) {
  if (!wanted) return price.zero() ? "" : "has a price too many";
  if (!price.positive() || price.units() > kModelPriceMax) return "has an impossible price";
  const int64_t step = price.units() >= kModelOne ? 10'000'000 : 100'000;
  return stock && price.units() % step != 0 ? "is sub-penny" : "";
}

inline std::string PricesFault(const model::Order& order, bool stock) {
  using model::OrderType;
  const bool trails = order.type == OrderType::kTrailingStop;
  std::string fault = PriceFault(order.limit, ModelLimited(order), stock);
  if (fault.empty() && !trails) fault = PriceFault(order.stop, ModelStops(order), stock);
  if (!fault.empty()) return fault;
  const bool by_price = order.trail_price.positive();
  const bool by_percent = order.trail_percent.positive();
  if (trails ? by_price == by_percent : by_price || by_percent) return "has a wrong trail";
  const bool fits =
      order.trail_price.units() <= kModelPriceMax && order.trail_percent.units() < 100 * kModelOne;
  return fits ? "" : "has an impossible trail";
}

inline std::string SizeFault(const model::Order& order) {
  // A leg gets its quantity when its entry has been filled.
  if (order.status == model::OrderStatus::kHeld) return "";
  if (order.notional.zero()) {
    const bool fits = order.quantity.positive() && order.quantity.units() <= kModelQuantityMax;
    return fits ? "" : "has an impossible quantity";
  }
  const Int128 notional = order.notional.units();
  const bool fits = order.quantity.zero() && notional >= kModelOne * kModelOne &&
                    notional <= kModelNotionalMax && !ModelExits(order);
  return fits ? "" : "has an impossible notional";
}

// Times in force by type and class, and what only whole stocks may do.
inline std::string KindFault(const ModelWorld& world, const model::Order& order, bool stock) {
  using model::OrderType;
  using model::PositionIntent;
  using model::TimeInForce;
  const AccountSettings& settings = world.LedgerOf(order.account).settings();
  const bool simple = world.StandsAlone(order);
  const bool stays = order.tif == TimeInForce::kDay || order.tif == TimeInForce::kGtc;
  const bool plain = order.type == OrderType::kMarket || order.type == OrderType::kLimit;
  if (!stays && (!plain || !simple)) return "has a wrong time in force";
  if (order.type == OrderType::kTrailingStop && !simple) return "trails in a class";
  const bool extends = order.type == OrderType::kLimit && order.tif == TimeInForce::kDay && simple;
  if (order.extended_hours && !extends) return "extends its hours";
  const bool shorts = order.intent == PositionIntent::kSellToOpen;
  if (shorts && !stock && !settings.crypto_short) return "sells a coin short";
  const bool whole = order.notional.zero() && order.quantity.units() % kModelOne == 0;
  if (!stock || whole || order.role != model::LegRole::kParent) return "";
  const bool covers = order.intent == PositionIntent::kBuyToClose;
  if (order.tif != TimeInForce::kDay || !simple) return "is a fraction of a stock";
  const Int128 has = world.LedgerOf(order.account).quantity(order.instrument.value());
  const bool ends_one = covers && order.notional.zero() && has % kModelOne != 0;
  return (shorts || covers) && !ends_one && !settings.crypto_short ? "is a fraction of a short"
                                                                   : "";
}

inline std::string StateFault(const model::Order& order, AccountState state) {
  if (state == AccountState::kHalted) return "is accepted by a halted account";
  return state == AccountState::kReducing && order.opening() ? "opens while reducing" : "";
}

// Of an entry, or an exit that stands alone; legs live off their entry's acceptance.
inline std::string ClaimFault(const ModelWorld& world, const model::Order& order) {
  if (order.intent != world.IntentOf(order)) return "has a wrong intent";
  const int64_t price = world.AcceptancePrice(order);
  const bool reserves = order.opening() || !order.notional.zero();
  if (order.reserve_price.units() != (reserves ? price : 0)) return "reserves at a wrong price";
  const ModelWorld::Need need = world.NeedOf(order);
  if (need.money > kModelNotionalMax) return "is worth too much";
  if (order.opening() && need.money > need.power) return "was not affordable";
  return !order.opening() && need.quantity > need.available ? "has too much" : "";
}

// Of an order that has just been accepted, before it is among the open ones.
inline std::string AcceptanceFault(const ModelWorld& world, const model::Order& order) {
  if (!world.MarketOf(order).known()) return "has no price";
  const bool stock = world.MarketOf(order).asset_class == model::AssetClass::kUsEquity;
  std::string fault = StateFault(order, world.states[order.account.value()]);
  if (fault.empty()) fault = PricesFault(order, stock);
  if (fault.empty()) fault = SizeFault(order);
  if (fault.empty()) fault = KindFault(world, order, stock);
  if (!fault.empty()) return fault;
  const bool leg = order.role != model::LegRole::kParent;
  if (!leg && !(ModelExits(order) && order.replaces.value() != 0)) return ClaimFault(world, order);
  return order.opening() || !order.reserve_price.zero() ? "opens, as a leg" : "";
}

// A refusal must be true.
inline std::string RefusalFault(const ModelWorld& world, const OrderEvent& event) {
  using Reason = RefusalReason;
  const model::Order& order = event.order;
  const bool known = world.MarketOf(order).known();
  const AccountState state = world.states[order.account.value()];
  switch (event.reason) {
    case Reason::kNone:
      return "is refused for nothing";
    case Reason::kNoPrice:
      return known ? "had a price" : "";
    case Reason::kAccountHalted:
      return state == AccountState::kHalted ? "" : "meets no halted account";
    case Reason::kAccountReducing:
      return state == AccountState::kReducing ? "" : "meets no reducing account";
    case Reason::kQuantityNotPositive:
      return order.quantity.positive() ? "had a quantity" : "";
    case Reason::kQuantityTooLarge:
      return order.quantity.units() > kModelQuantityMax ? "" : "was not too large";
    case Reason::kInsufficientBuyingPower: {
      const ModelWorld::Need need = world.NeedOf(order);
      return need.money > need.power ? "" : "was affordable";
    }
    case Reason::kInsufficientQuantity: {
      const ModelWorld::Need need = world.NeedOf(order);
      return need.quantity > need.available ? "" : "had its quantity";
    }
    default:
      return "";
  }
}

}  // namespace livetape::floor
