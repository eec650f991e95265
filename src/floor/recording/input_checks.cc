#include "floor/recording/input_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>

#include "floor/money.h"

namespace livetape::floor {
namespace {

// By the number of the kind.
constexpr std::array<std::string_view, std::variant_size_v<FloorInput>> kNames = {
    "new instrument",
    "quote",
    "trade",
    "volume",
    "book",
    "bar's open",
    "bar",
    "session",
    "restored quote",
    "new account",
    "settings",
    "account state",
    "reset",
    "window",
    "order",
    "replacement",
    "cancellation",
    "account",
    "day",
    "restored order event",
    "order's name",
    "first numbers",
    "instrument name",
    "account name",
    "end of restoring",
    "end",
    "list of daily closes",
    "rule of risk",
    "watch",
    "question of risk",
    "restored state of risk",
    "return of the clock",
    "restored trade",
};

bool Level(const model::BookLevel& level) {
  return level.price.positive() && level.quantity.units() >= 0;
}

bool NotNegative(const model::Order& order) {
  return order.quantity.units() >= 0 && order.filled.units() >= 0 && order.limit.units() >= 0 &&
         order.stop.units() >= 0 && order.trail_price.units() >= 0 &&
         order.trail_percent.units() >= 0 && order.hwm.units() >= 0 &&
         order.reserve_price.units() >= 0 && order.notional.units() >= 0 &&
         order.filled_value.units() >= 0;
}

bool WithinRange(const model::Order& order) {
  return NotNegative(order) && (order.quantity.zero() || order.filled <= order.quantity) &&
         order.quantity <= kQuantityMax && order.filled <= kQuantityMax &&
         order.notional <= kAmountEnd && order.filled_value <= kAmountEnd;
}

// Numbers go on from there.
constexpr uint64_t kNumberMax = std::numeric_limits<uint64_t>::max() / 2;

}  // namespace

base::Result<void> InputChecks::Check(const FloorInput& input) {
  const bool right = std::visit([this](const auto& in) { return Right(in); }, input);
  if (right) return {};
  return base::Fail(fmt::format(
      "the recording has a {} that is out of range or of an instrument or account that it does not "
      "know",
      kNames[input.index()]));
}

bool InputChecks::Right(const QuoteTold& in) const {
  const model::QuoteUpdate& update = in.update;
  return Known(update.instrument) && update.bid.positive() && update.bid <= update.ask &&
         update.bid_size.units() >= 0 && update.ask_size.units() >= 0;
}

bool InputChecks::Right(const TradeTold& in) const {
  return Known(in.trade.instrument) && in.trade.price.positive() && in.trade.size.units() >= 0;
}

bool InputChecks::Right(const VolumeTold& in) const {
  return Known(in.instrument) && in.volume.units() >= 0;
}

bool InputChecks::Right(const BookTold& in) const {
  return Known(in.update.instrument) &&
         std::all_of(in.update.bids.begin(), in.update.bids.end(), Level) &&
         std::all_of(in.update.asks.begin(), in.update.asks.end(), Level);
}

bool InputChecks::Right(const BarEnded& in) const {
  const model::Bar& bar = in.bar;
  return Known(in.instrument) && bar.low.positive() && bar.low <= std::min(bar.open, bar.close) &&
         bar.high >= std::max(bar.open, bar.close);
}

bool InputChecks::Right(const QuoteRestored& in) const {
  const model::Quote& quote = in.quote;
  return Known(in.instrument) && quote.price.positive() && quote.bid.positive() &&
         quote.bid <= quote.ask && quote.bid_size.units() >= 0 && quote.ask_size.units() >= 0 &&
         quote.reference.units() >= 0 && quote.volume.units() >= 0;
}

bool InputChecks::Right(const AccountOpened& in) {
  return WithinLimits(in.settings) && ++accounts_ <= kAccountsMax;
}

bool InputChecks::Right(const SettingsChanged& in) const {
  return Known(in.account) && WithinLimits(in.settings);
}

bool InputChecks::Known(const AccountSnapshot& snapshot) const {
  const auto& positions = snapshot.account.positions();
  const auto& orders = snapshot.orders;
  return std::all_of(positions.begin(), positions.end(),
                     [this](const auto& held) { return Known(held.first); }) &&
         std::all_of(orders.begin(), orders.end(), [this](const model::Order& order) {
           return Known(order.instrument) && order.id.value() <= kNumberMax;
         });
}

bool InputChecks::Right(const AccountRestored& in) {
  return Known(in.snapshot) && ++accounts_ <= kAccountsMax;
}

// A refused order has what was asked for, whatever it was; the floor only counts it.
bool InputChecks::Right(const EventReplayed& in) const {
  const model::Order& order = in.event.order;
  const bool refused = in.event.kind == OrderEventKind::kRejected;
  return Known(order.account) && Known(order.instrument) && order.id.value() != 0 &&
         order.id.value() <= kNumberMax && in.event.fill.number <= kNumberMax &&
         (refused || WithinRange(order));
}

bool InputChecks::Right(const DailyClosesTold& in) const {
  const auto& closes = in.closes;
  const auto later = [](const DailyClose& a, const DailyClose& b) { return a.day >= b.day; };
  return Known(in.instrument) &&
         std::adjacent_find(closes.begin(), closes.end(), later) == closes.end() &&
         std::all_of(closes.begin(), closes.end(),
                     [](const DailyClose& close) { return close.close.positive(); });
}

bool InputChecks::Right(const RiskRulesSet& in) const {
  constexpr int64_t kOne = base::kDecimalScale;
  const int64_t confidence = in.rules.var_confidence.units();
  const int64_t hysteresis = in.rules.hysteresis.units();
  return confidence >= kOne / 2 && confidence < kOne && hysteresis >= 0 && hysteresis <= kOne &&
         std::all_of(
             in.rules.rules.begin(), in.rules.rules.end(),
             [](const RiskRule& rule) { return rule.limit.units() >= 0; });
}

bool InputChecks::Right(const RiskRestored& in) const {
  return Known(in.account) && in.state.broken >> kRiskMetrics == 0 &&
         std::isfinite(in.state.roll_var.value_or(0));
}

bool InputChecks::Right(const IdsRestored& in) const {
  return in.next_order.value() <= kNumberMax && in.next_fill <= kNumberMax;
}

}  // namespace livetape::floor
