#pragma once

// Refusal: why the floor did not do what it was asked to. Not an error: an answer with a code, and
// for orders also an event.

#include <array>
#include <cstdint>
#include <string_view>

#include "base/decimal.h"
#include "model/order.h"

namespace livetape::floor {

enum class RefusalReason : uint8_t {
  kNone,
  // What was asked for makes no sense (Alpaca: 422).
  kNoQuantity,           // neither quantity nor notional
  kQuantityAndNotional,  // both
  kQuantityNotPositive,
  kQuantityTooLarge,    // over 9 x 10^9
  kNotionalTooSmall,    // under 1
  kNotionalTooLarge,    // over 10^15
  kNotionalNotAllowed,  // us_equity: only market... day, simple, long
  kFractionNotAllowed,  // us_equity: only day, simple, long
  kMissingLimitPrice,
  kExtraLimitPrice,
  kMissingStopPrice,
  kExtraStopPrice,
  kMissingTrail,  // neither trail_price nor trail_percent
  kBothTrails,
  kExtraTrail,
  kPriceNotPositive,
  kPriceTooHigh,          // over 10^9
  kTrailPercentTooLarge,  // 100 or more
  kSubPenny,              // price >= 1: two decimals; below: four
  kBracketMissingLeg,     // take_profit and stop_loss (bracket), both (oco), exactly one (oto)
  kExtraLeg,              // legs on a simple order
  kLegOnWrongSide,        // take_profit and stop_loss around the entry, 0.01 apart
  kClassNotAllowed,       // bracket, oco, oto: this type or this time in force is not allowed
  kBracketMustBeEntry,    // "bracket orders must be entry orders"
  kOcoMustBeExit,
  kTimeInForceNotAllowed,    // opg, cls: only market and limit; trailing: day and gtc
  kExtendedHoursNotAllowed,  // only limit day
  kIntentMismatch,           // the position_intent asked for is not what the order would do
  kNoPrice,                  // "no price for X yet"
  kDuplicateClientOrderId,   // `order` is the first one
  kNothingToReplace,         // a replacement that changes nothing or what may not change
  kReplaceNotAllowed,        // in this state
  kNotCancelable,
  kBadPercentage,  // of a position: in (0, 100]
  // It may not now (Alpaca: 403).
  kInsufficientBuyingPower,
  kInsufficientQuantity,  // a reducing order over what is available; existing, held, available
  kShortNotAllowed,       // crypto, or a fraction, or the account's setting
  kAccountHalted,
  kAccountReducing,   // only closing orders
  kTradingSuspended,  // by the account's own setting
  kMaxOrderValue,
  kMaxOrderQuantity,
  kPriceCollar,
  kOrderRate,
  kGrossExposure,
  kNetExposure,
  kConcentration,
  kTooManyOpenOrders,  // kOpenOrdersMax
  kTooManyPositions,   // kPositionsMax
  kAccountTooLarge,    // money beyond kMoneyMax (floor/account.h)
  // There is none (Alpaca: 404).
  kNoOrder,
  kNoPosition,
};

// Machine codes, in their order: "insufficient_buying_power".
std::string_view Code(RefusalReason reason);

struct Refusal {
  RefusalReason reason = RefusalReason::kNone;
  model::OrderId order;  // kDuplicateClientOrderId: the first order of that name
  // kInsufficientQuantity.
  base::Quantity requested, existing, held, available;
  // kInsufficientBuyingPower and the limits of money: what there is, what was needed.
  base::Amount limit, needed;
};

}  // namespace livetape::floor
