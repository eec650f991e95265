#include "floor/acceptance.h"

#include "base/assert.h"
#include "floor/money.h"
#include "floor/order_checks.h"
#include "floor/order_terms.h"

namespace livetape::floor {
namespace {

using model::OrderClass;
using model::PositionIntent;
using Reason = RefusalReason;

Refusal Because(Reason reason) {
  Refusal refusal;
  refusal.reason = reason;
  return refusal;
}

Refusal Beyond(Reason reason, base::Amount limit, base::Amount needed) {
  Refusal refusal;
  refusal.reason = reason;
  refusal.limit = limit;
  refusal.needed = needed;
  return refusal;
}

PositionIntent IntentOf(model::Side side, const Position* position) {
  const int64_t quantity = position != nullptr ? position->quantity.units() : 0;
  if (side == model::Side::kBuy) {
    return quantity < 0 ? PositionIntent::kBuyToClose : PositionIntent::kBuyToOpen;
  }
  return quantity > 0 ? PositionIntent::kSellToClose : PositionIntent::kSellToOpen;
}

// A backtest sizes what it sells short by the price that it gets, which slippage makes less than the
// bid (docs/backtests.md): at the bid it would be worth more than the account.
base::Price PriceFor(const model::Order& order, const Standing& s, const model::Quote& quote) {
  const base::Price price = AcceptancePrice(order, quote);
  const AccountSettings& settings = s.account.settings();
  const bool short_at_market =
      order.type == model::OrderType::kMarket && order.intent == PositionIntent::kSellToOpen;
  if (!settings.crypto_short || !short_at_market) return price;
  return WithSlippage(order, price, settings.slippage_bps);
}

// What it costs or brings at the price it is accepted with.
base::Amount ValueOf(const model::Order& order, base::Price price) {
  return order.notional.zero() ? price * order.leaves() : order.notional;
}

Reason CheckIntent(const model::Order& order, const Standing& s) {
  if (s.asked && *s.asked != order.intent) return Reason::kIntentMismatch;
  switch (order.order_class) {
    case OrderClass::kSimple:
      return Reason::kNone;
    case OrderClass::kOco:
      return order.opening() ? Reason::kOcoMustBeExit : Reason::kNone;
    case OrderClass::kBracket:
    case OrderClass::kOto: {
      // One whose legs have been canceled is a simple order.
      const bool legs = s.take_profit.positive() || s.stop_loss.positive();
      return order.opening() || !legs ? Reason::kNone : Reason::kBracketMustBeEntry;
    }
  }
  return Reason::kNone;
}

// The legs of a market entry lie around the price of the moment.
Reason CheckLegs(const model::Order& order, const Standing& s, const model::Quote& quote) {
  const bool entry =
      order.order_class == OrderClass::kBracket || order.order_class == OrderClass::kOto;
  if (!entry || order.type != model::OrderType::kMarket) return Reason::kNone;
  const bool around = LegsAround(model::Opposite(order.side), quote.price, s.take_profit,
                                 s.stop_loss, s.asset_class);
  return around ? Reason::kNone : Reason::kLegOnWrongSide;
}

Reason CheckState(const model::Order& order, const Standing& s) {
  if (s.account.state() == AccountState::kHalted) return Reason::kAccountHalted;
  if (s.account.settings().trading_suspended) return Reason::kTradingSuspended;
  if (s.account.state() == AccountState::kReducing && order.opening()) {
    return Reason::kAccountReducing;
  }
  return Reason::kNone;
}

// Stock is sold short, and shorts are covered, in whole shares; coins are not sold short. A fraction
// that has met an opening order of the other side leaves a short with one: only fractions end that.
Reason CheckShort(const model::Order& order, const Standing& s, const Position* position) {
  const AccountSettings& settings = s.account.settings();
  const bool opens = order.intent == PositionIntent::kSellToOpen;
  if (opens && settings.no_shorting) return Reason::kShortNotAllowed;
  if (settings.crypto_short) return Reason::kNone;
  const bool whole = order.notional.zero() && !Fractional(order.quantity);
  if (opens && (s.asset_class == model::AssetClass::kCrypto || !whole)) {
    return Reason::kShortNotAllowed;
  }
  const bool covers = order.intent == PositionIntent::kBuyToClose;
  if (covers && s.asset_class == model::AssetClass::kUsEquity && !whole) {
    LT_ASSERT(position != nullptr, "order {} covers nothing", order.id.value());
    if (order.notional.zero() && Fractional(position->quantity)) return Reason::kNone;
    return order.notional.zero() ? Reason::kFractionNotAllowed : Reason::kNotionalNotAllowed;
  }
  return Reason::kNone;
}

bool OutsideCollar(base::Price price, base::Price mark, base::Decimal collar) {
  if (price.zero()) return false;
  const base::Int128 distance = Magnitude(base::Int128{price.units()} - mark.units());
  return distance * base::kDecimalScale > base::Int128{collar.units()} * mark.units();
}

base::Quantity SizeOf(const model::Order& order, base::Price price) {
  return order.notional.zero() ? order.leaves() : QuantityFor(order.notional, price);
}

Refusal CheckOrderLimits(const model::Order& order, const Standing& s, const model::Quote& quote,
                         base::Price price) {
  const base::Amount value = ValueOf(order, price);
  const RiskLimits& limits = s.account.settings().limits;
  if (value > kNotionalMax) return Beyond(Reason::kNotionalTooLarge, kNotionalMax, value);
  if (!limits.max_order_value.zero() && value > limits.max_order_value) {
    return Beyond(Reason::kMaxOrderValue, limits.max_order_value, value);
  }
  if (limits.max_order_quantity.positive() && SizeOf(order, price) > limits.max_order_quantity) {
    return Because(Reason::kMaxOrderQuantity);
  }
  if (limits.price_collar.positive() &&
      (OutsideCollar(order.limit, quote.price, limits.price_collar) ||
       (order.type != model::OrderType::kTrailingStop &&
        OutsideCollar(order.stop, quote.price, limits.price_collar)))) {
    return Because(Reason::kPriceCollar);
  }
  if (limits.max_orders_per_s > 0 && s.orders_this_second >= limits.max_orders_per_s) {
    return Because(Reason::kOrderRate);
  }
  return {};
}

Refusal CheckCounts(const model::Order& order, const Standing& s, const Position* position) {
  if (s.open.size + s.new_orders > kOpenOrdersMax) return Because(Reason::kTooManyOpenOrders);
  if (position == nullptr && order.opening() && s.account.positions().size() >= kPositionsMax) {
    return Because(Reason::kTooManyPositions);
  }
  return {};
}

Refusal CheckAvailable(const model::Order& order, const Standing& s, const Position* position) {
  const base::Quantity requested = HeldFor(order);
  if (!requested.positive()) return Because(Reason::kNotionalTooSmall);
  const base::Quantity available = s.account.Available(order.instrument);
  if (requested <= available) return {};
  LT_ASSERT(position != nullptr, "order {} reduces nothing", order.id.value());
  Refusal refusal = Because(Reason::kInsufficientQuantity);
  refusal.requested = requested;
  refusal.existing = position->quantity;
  refusal.held = position->held;
  refusal.available = available;
  return refusal;
}

// What open opening orders would add.
struct Pending {
  base::Amount gross, net, instrument;
};
Pending PendingOf(const Standing& s, model::InstrumentId instrument) {
  Pending pending;
  for (const OpenOrder* o = s.open.first; o != nullptr; o = o->after) {
    pending.gross = Plus(pending.gross, o->reserved);
    pending.net = Buys(o->order) ? Plus(pending.net, o->reserved) : Minus(pending.net, o->reserved);
    if (o->order.instrument == instrument) {
      pending.instrument = Plus(pending.instrument, o->reserved);
    }
  }
  return pending;
}

Refusal CheckExposure(const model::Order& order, const Standing& s, const Position* position,
                      base::Price mark, const Valuation& value, base::Amount needed) {
  const RiskLimits& limits = s.account.settings().limits;
  if (!limits.gross.positive() && !limits.net.positive() && !limits.concentration.positive()) {
    return {};
  }
  const Pending pending = PendingOf(s, order.instrument);
  const auto share = [&value](base::Decimal limit) { return TimesRate(value.equity, limit); };
  if (limits.gross.positive()) {
    const base::Amount gross = Plus(Plus(value.gross, pending.gross), needed);
    if (gross > share(limits.gross)) {
      return Beyond(Reason::kGrossExposure, share(limits.gross), gross);
    }
  }
  if (limits.net.positive()) {
    const base::Amount before = Plus(Plus(value.long_value, value.short_value), pending.net);
    const base::Amount net = Buys(order) ? Plus(before, needed) : Minus(before, needed);
    // What brings the sum nearer to zero may be done.
    if (Magnitude(net) > share(limits.net) && Magnitude(net) > Magnitude(before)) {
      return Beyond(Reason::kNetExposure, share(limits.net), Magnitude(net));
    }
  }
  if (limits.concentration.positive()) {
    const base::Quantity has = position != nullptr ? position->quantity : base::Quantity();
    const base::Amount all = Plus(Plus(mark * Magnitude(has), pending.instrument), needed);
    if (all > share(limits.concentration)) {
      return Beyond(Reason::kConcentration, share(limits.concentration), all);
    }
  }
  return {};
}

Refusal CheckMoney(const model::Order& order, const Standing& s, const Position* position,
                   base::Price mark, base::Amount needed) {
  const Valuation value = s.account.Value(s.quotes);
  const base::Amount power = s.asset_class == model::AssetClass::kCrypto
                                 ? s.account.NonMarginableBuyingPower(value)
                                 : s.account.BuyingPower(value);
  if (needed > power) return Beyond(Reason::kInsufficientBuyingPower, power, needed);
  return CheckExposure(order, s, position, mark, value, needed);
}

}  // namespace

Refusal Judge(model::Order& order, const Standing& s) {
  const model::Quote* const quote = s.quotes.Find(order.instrument);
  if (quote == nullptr) return Because(Reason::kNoPrice);
  const Position* const position = s.account.Find(order.instrument);
  if (!s.keeps_hold) order.intent = IntentOf(order.side, position);
  const base::Price price = PriceFor(order, s, *quote);
  const bool reserves = order.opening() || !order.notional.zero();
  order.reserve_price = reserves ? price : base::Price();

  Reason reason = CheckLegs(order, s, *quote);
  if (reason == Reason::kNone) reason = CheckState(order, s);
  if (reason == Reason::kNone && !s.keeps_hold) reason = CheckIntent(order, s);
  if (reason == Reason::kNone && !s.keeps_hold) reason = CheckShort(order, s, position);
  if (reason != Reason::kNone) return Because(reason);

  Refusal refusal = CheckOrderLimits(order, s, *quote, price);
  if (refusal.reason == Reason::kNone) refusal = CheckCounts(order, s, position);
  if (refusal.reason != Reason::kNone || s.keeps_hold) return refusal;
  return order.opening() ? CheckMoney(order, s, position, quote->price, ValueOf(order, price))
                         : CheckAvailable(order, s, position);
}

}  // namespace livetape::floor
