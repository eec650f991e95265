#include "api/alpaca/refusal_answer.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "api/alpaca/alpaca_error.h"
#include "base/json_text.h"

namespace livetape::api {
namespace {

using Reason = floor::RefusalReason;

// Those that need no more than to be said; Message says the others.
constexpr std::pair<Reason, std::string_view> kSentences[] = {
    {Reason::kNoQuantity, "qty or notional is required"},
    {Reason::kQuantityAndNotional, "only one of qty and notional is accepted"},
    {Reason::kQuantityNotPositive, "qty must be > 0"},
    {Reason::kQuantityTooLarge, "qty must be at most 9000000000"},
    {Reason::kNotionalTooSmall, "cost basis must be >= minimal amount of order 1"},
    {Reason::kNotionalTooLarge, "notional must be at most 1000000000000000"},
    {Reason::kNotionalNotAllowed,
     "notional orders must be simple, DAY orders that open no short position"},
    {Reason::kFractionNotAllowed,
     "fractional orders must be simple, DAY orders that open no short position"},
    {Reason::kMissingLimitPrice, "limit orders require a limit price: limit_price"},
    {Reason::kExtraLimitPrice, "this order must not have a limit price: limit_price"},
    {Reason::kMissingStopPrice, "stop orders require a stop price: stop_price"},
    {Reason::kExtraStopPrice, "this order must not have a stop price: stop_price"},
    {Reason::kMissingTrail,
     "trailing stop orders must specify one of trail_price or trail_percent"},
    {Reason::kBothTrails,
     "trailing stop orders must specify only one of trail_price and trail_percent"},
    {Reason::kExtraTrail, "only trailing stop orders may have trail_price or trail_percent"},
    {Reason::kPriceNotPositive, "prices and trails must be > 0"},
    {Reason::kPriceTooHigh, "prices must be at most 1000000000"},
    {Reason::kTrailPercentTooLarge, "trail_percent must be less than 100"},
    {Reason::kSubPenny,
     "sub-penny increment does not fulfill minimum pricing criteria: prices have at most 2 "
     "decimals from 1.00 on, and 4 below"},
    {Reason::kBracketMissingLeg,
     "bracket and oco orders require take_profit.limit_price and stop_loss.stop_price, oto "
     "orders exactly one of them"},
    {Reason::kExtraLeg, "take_profit and stop_loss need an order_class of bracket, oco or oto"},
    {Reason::kLegOnWrongSide,
     "take_profit.limit_price and stop_loss.stop_price must be on their sides of the "
     "entry, "
     "at least 0.01 apart from it and from each other"},
    {Reason::kClassNotAllowed,
     "orders with legs must be day or gtc, bracket and oto entries no trailing stops, oco "
     "orders of type limit"},
    {Reason::kBracketMustBeEntry, "bracket orders must be entry orders"},
    {Reason::kOcoMustBeExit, "oco orders must be exit orders"},
    {Reason::kTimeInForceNotAllowed,
     "this time_in_force is not allowed for this type: ioc, fok, opg and cls are for "
     "market "
     "and limit orders"},
    {Reason::kExtendedHoursNotAllowed, "extended hours order must be DAY limit orders"},
    {Reason::kIntentMismatch,
     "position intent mismatch: position_intent is not what this order would do"},
    {Reason::kDuplicateClientOrderId, "client_order_id must be unique"},
    {Reason::kNothingToReplace,
     "the replacement must change something that this order has: qty, time_in_force, "
     "limit_price, stop_price or trail"},
    {Reason::kReplaceNotAllowed, "order is not replaceable in its state"},
    {Reason::kNotCancelable, "order is not cancelable"},
    {Reason::kBadPercentage, "percentage must be > 0 and at most 100"},
    {Reason::kInsufficientBuyingPower, "insufficient buying power"},
    {Reason::kShortNotAllowed, "account is not allowed to short"},
    {Reason::kAccountHalted, "account is halted"},
    {Reason::kAccountReducing, "account is reducing"},
    {Reason::kTradingSuspended,
     "trading is suspended by the account's own configuration (suspend_trade)"},
    {Reason::kMaxOrderValue, "the order's value is over the limit max_order_value"},
    {Reason::kMaxOrderQuantity, "the order's qty is over the limit max_order_qty"},
    {Reason::kPriceCollar,
     "the price is farther from the market than the limit price_collar allows"},
    {Reason::kOrderRate, "too many orders in this second: the limit is max_orders_per_s"},
    {Reason::kGrossExposure, "the order would take the gross exposure over its limit"},
    {Reason::kNetExposure, "the order would take the net exposure over its limit"},
    {Reason::kConcentration, "the order would take the position over the limit of concentration"},
    {Reason::kTooManyOpenOrders, "the account has as many open orders as it may have"},
    {Reason::kTooManyPositions, "the account has as many positions as it may have"},
    {Reason::kAccountTooLarge, "the account would be larger than it may be"},
    {Reason::kNoPosition, "position does not exist"},
};

std::string_view Sentence(Reason reason) {
  for (const auto& [known, sentence] : kSentences) {
    if (known == reason) return sentence;
  }
  return "the order is refused";
}

std::string Message(const floor::Refusal& refusal, const RefusedThing& thing) {
  switch (refusal.reason) {
    case Reason::kNoPrice:
      return fmt::format("no price for {} yet", thing.symbol);
    case Reason::kInsufficientQuantity:
      return fmt::format("insufficient qty available for order (requested: {}, available: {})",
                         refusal.requested.ToString(), refusal.available.ToString());
    case Reason::kNoOrder:
      return fmt::format("order not found for {}", thing.order);
    default:
      return std::string(Sentence(refusal.reason));
  }
}

void AppendQuantities(std::string& out, const floor::Refusal& refusal, std::string_view symbol) {
  out += fmt::format(R"("available":"{}","existing_qty":"{}","held_for_orders":"{}","symbol":)",
                     refusal.available.ToString(), refusal.existing.ToString(),
                     refusal.held.ToString());
  base::AppendJsonString(out, symbol);
  out += ',';
}

// Money, where the floor has told of it.
void AppendMoney(std::string& out, const floor::Refusal& refusal) {
  if (refusal.limit.zero() && refusal.needed.zero()) return;
  const bool power = refusal.reason == Reason::kInsufficientBuyingPower;
  out += fmt::format(R"("{}":"{}","{}":"{}",)", power ? "buying_power" : "limit",
                     refusal.limit.ToString(), power ? "cost_basis" : "needed",
                     refusal.needed.ToString());
}

}  // namespace

unsigned StatusOf(Reason reason) {
  if (reason >= Reason::kNoOrder) return 404;
  return reason >= Reason::kInsufficientBuyingPower ? 403 : 422;
}

int CodeOf(Reason reason) {
  if (reason == Reason::kDuplicateClientOrderId) return kCodeClientIdTaken;
  switch (StatusOf(reason)) {
    case 404:
      return kCodeNotFound;
    case 403:
      return kCodeForbidden;
    default:
      return kCodeUnprocessable;
  }
}

http::Response RefusalAnswer(const floor::Refusal& refusal, const RefusedThing& thing) {
  std::string extras;
  if (refusal.reason == Reason::kInsufficientQuantity) {
    AppendQuantities(extras, refusal, thing.symbol);
  }
  AppendMoney(extras, refusal);
  extras += fmt::format(R"("reason":"{}")", floor::Code(refusal.reason));
  return AlpacaError(StatusOf(refusal.reason), CodeOf(refusal.reason), Message(refusal, thing),
                     extras);
}

http::Response OrderNotFound(std::string_view id) {
  floor::Refusal refusal;
  refusal.reason = Reason::kNoOrder;
  return RefusalAnswer(refusal, {.symbol = "", .order = id});
}

http::Response AssetNotFound(std::string_view symbol) {
  return AlpacaError(422, kCodeUnprocessable, fmt::format("asset \"{}\" not found", symbol),
                     R"("reason":"no_asset")");
}

}  // namespace livetape::api
