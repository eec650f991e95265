#include "floor/order_checks.h"

#include <array>
#include <optional>

#include "floor/account.h"

namespace livetape::floor {
namespace {

using model::OrderClass;
using model::OrderType;
using model::TimeInForce;
using Reason = RefusalReason;

constexpr int64_t kOne = base::kDecimalScale;
constexpr base::Amount kNotionalMin = base::Amount::FromUnits(base::Int128{kOne} * kOne);
constexpr base::Decimal kHundredPercent = base::Decimal::FromUnits(100 * kOne);

bool DayOrGtc(TimeInForce tif) { return tif == TimeInForce::kDay || tif == TimeInForce::kGtc; }
bool HasLimit(OrderType type) { return type == OrderType::kLimit || type == OrderType::kStopLimit; }
bool HasStop(OrderType type) { return type == OrderType::kStop || type == OrderType::kStopLimit; }

// What us_equity trades as whole shares only.
bool WholeOnly(const OrderRequest& r, model::AssetClass asset_class) {
  return asset_class == model::AssetClass::kUsEquity &&
         (r.tif != TimeInForce::kDay || r.order_class != OrderClass::kSimple);
}

Reason CheckNotional(const OrderRequest& r, model::AssetClass asset_class) {
  if (*r.notional < kNotionalMin) return Reason::kNotionalTooSmall;
  if (*r.notional > kNotionalMax) return Reason::kNotionalTooLarge;
  // The legs of an exit hold a quantity from the start.
  if (r.order_class == OrderClass::kOco || WholeOnly(r, asset_class)) {
    return Reason::kNotionalNotAllowed;
  }
  return Reason::kNone;
}

Reason CheckSize(const OrderRequest& r, model::AssetClass asset_class) {
  if (!r.quantity && !r.notional) return Reason::kNoQuantity;
  if (r.quantity && r.notional) return Reason::kQuantityAndNotional;
  if (r.notional) return CheckNotional(r, asset_class);
  if (!r.quantity->positive()) return Reason::kQuantityNotPositive;
  if (*r.quantity > kQuantityMax) return Reason::kQuantityTooLarge;
  if (Fractional(*r.quantity) && WholeOnly(r, asset_class)) return Reason::kFractionNotAllowed;
  return Reason::kNone;
}

Reason CheckWhichPrices(const OrderRequest& r) {
  // An OCO's limit is its take-profit's; naming it twice is fine as long as it is the same.
  const bool oco = r.order_class == OrderClass::kOco;
  if (oco && r.limit && r.take_profit_limit && *r.limit != *r.take_profit_limit) {
    return Reason::kExtraLimitPrice;
  }
  if (HasLimit(r.type) && !oco && !r.limit) return Reason::kMissingLimitPrice;
  if (!HasLimit(r.type) && r.limit) return Reason::kExtraLimitPrice;
  if (HasStop(r.type) && !r.stop) return Reason::kMissingStopPrice;
  if (!HasStop(r.type) && r.stop) return Reason::kExtraStopPrice;
  const bool trails = r.trail_price || r.trail_percent;
  if (r.type != OrderType::kTrailingStop) return trails ? Reason::kExtraTrail : Reason::kNone;
  if (!trails) return Reason::kMissingTrail;
  return r.trail_price && r.trail_percent ? Reason::kBothTrails : Reason::kNone;
}

Reason CheckTrail(const OrderRequest& r) {
  if (r.trail_price) {
    if (!r.trail_price->positive()) return Reason::kPriceNotPositive;
    if (*r.trail_price > kPriceMax) return Reason::kPriceTooHigh;
  }
  if (r.trail_percent) {
    if (!r.trail_percent->positive()) return Reason::kPriceNotPositive;
    if (*r.trail_percent >= kHundredPercent) return Reason::kTrailPercentTooLarge;
  }
  return Reason::kNone;
}

Reason CheckPrices(const OrderRequest& r, model::AssetClass asset_class) {
  const std::array prices = {r.limit, r.stop, r.take_profit_limit, r.stop_loss_stop,
                             r.stop_loss_limit};
  for (const std::optional<base::Price>& price : prices) {
    if (!price) continue;
    if (const Reason reason = CheckPrice(*price, asset_class); reason != Reason::kNone) {
      return reason;
    }
  }
  return CheckTrail(r);
}

Reason CheckWhichLegs(const OrderRequest& r) {
  const bool take_profit = r.take_profit_limit.has_value();
  const bool stop_loss = r.stop_loss_stop.has_value();
  if (r.stop_loss_limit && !stop_loss) {
    return r.order_class == OrderClass::kSimple ? Reason::kExtraLeg : Reason::kBracketMissingLeg;
  }
  switch (r.order_class) {
    case OrderClass::kSimple:
      return take_profit || stop_loss ? Reason::kExtraLeg : Reason::kNone;
    case OrderClass::kBracket:
    case OrderClass::kOco:
      return take_profit && stop_loss ? Reason::kNone : Reason::kBracketMissingLeg;
    case OrderClass::kOto:
      return take_profit != stop_loss ? Reason::kNone : Reason::kBracketMissingLeg;
  }
  return Reason::kNone;
}

Reason CheckLegSides(const OrderRequest& r, model::AssetClass asset_class) {
  if (r.order_class == OrderClass::kSimple) return Reason::kNone;
  const base::Price none;
  const base::Price take_profit = r.take_profit_limit.value_or(none);
  const base::Price stop_loss = r.stop_loss_stop.value_or(none);
  const bool oco = r.order_class == OrderClass::kOco;
  const model::Side exit = oco ? r.side : model::Opposite(r.side);
  // A market entry's base is the price of the moment, which the acceptance looks at.
  const base::Price entry = oco ? none : r.limit.value_or(r.stop.value_or(none));
  return LegsAround(exit, entry, take_profit, stop_loss, asset_class) ? Reason::kNone
                                                                      : Reason::kLegOnWrongSide;
}

Reason CheckClass(const OrderRequest& r) {
  if (r.order_class == OrderClass::kSimple) return Reason::kNone;
  if (!DayOrGtc(r.tif) || r.type == OrderType::kTrailingStop) return Reason::kClassNotAllowed;
  if (r.order_class == OrderClass::kOco && r.type != OrderType::kLimit) {
    return Reason::kClassNotAllowed;
  }
  return Reason::kNone;
}

Reason CheckTimeInForce(const OrderRequest& r) {
  const bool at_once = r.type == OrderType::kMarket || r.type == OrderType::kLimit;
  if (!DayOrGtc(r.tif) && !at_once) return Reason::kTimeInForceNotAllowed;
  const bool extended_fits = r.type == OrderType::kLimit && r.tif == TimeInForce::kDay &&
                             r.order_class == OrderClass::kSimple;
  return r.extended_hours && !extended_fits ? Reason::kExtendedHoursNotAllowed : Reason::kNone;
}

}  // namespace

Reason Validate(const OrderRequest& r, model::AssetClass asset_class) {
  Reason reason = CheckSize(r, asset_class);
  if (reason == Reason::kNone) reason = CheckWhichPrices(r);
  if (reason == Reason::kNone) reason = CheckPrices(r, asset_class);
  if (reason == Reason::kNone) reason = CheckWhichLegs(r);
  if (reason == Reason::kNone) reason = CheckLegSides(r, asset_class);
  if (reason == Reason::kNone) reason = CheckClass(r);
  if (reason == Reason::kNone) reason = CheckTimeInForce(r);
  return reason;
}

Reason CheckPrice(base::Price price, model::AssetClass asset_class) {
  if (!price.positive()) return Reason::kPriceNotPositive;
  if (price > kPriceMax) return Reason::kPriceTooHigh;
  if (asset_class != model::AssetClass::kUsEquity) return Reason::kNone;
  const int64_t step = price.units() >= kOne ? kOne / 100 : kOne / 10'000;
  return price.units() % step == 0 ? Reason::kNone : Reason::kSubPenny;
}

bool Fractional(base::Quantity quantity) { return quantity.units() % kOne != 0; }

base::Price LegDistance(model::AssetClass asset_class) {
  return base::Price::FromUnits(asset_class == model::AssetClass::kUsEquity ? kOne / 100 : 1);
}

bool LegsAround(model::Side exit, base::Price base, base::Price take_profit, base::Price stop_loss,
                model::AssetClass asset_class) {
  const int64_t distance = LegDistance(asset_class).units();
  const auto below = [distance](base::Price low, base::Price high) {
    return low.zero() || high.zero() || high.units() - low.units() >= distance;
  };
  const bool selling = exit == model::Side::kSell;
  const base::Price low = selling ? stop_loss : take_profit;
  const base::Price high = selling ? take_profit : stop_loss;
  return below(low, high) && below(low, base) && below(base, high);
}

}  // namespace livetape::floor
