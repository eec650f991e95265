#include "floor/account.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/assert.h"
#include "floor/money.h"

namespace livetape::floor {
namespace {

using base::Amount;
using base::Decimal;
using base::Int128;
using base::Price;
using base::Quantity;
using model::InstrumentId;
using model::Side;

// a / b - 1 for display; 0 while b is not positive.
double Growth(Amount a, Amount b) {
  return b.units() > 0 ? Minus(a, b).Approximate() / b.Approximate() : 0;
}

// What of a position is between price x |quantity| for a price of one unit and for `price_max`, with
// the sign of the quantity.
bool IsValueOf(Amount value, Quantity quantity, int64_t price_max) {
  const Int128 q = quantity.units();
  const Int128 v = value.units();
  return q > 0 ? v >= q && v <= q * price_max : v <= q && v >= q * price_max;
}

bool Sound(const Position& position) {
  return !position.quantity.zero() && position.quantity <= kQuantityMax &&
         position.quantity.units() >= -kQuantityMax.units() && position.held.units() >= 0 &&
         position.last_day_price.units() >= 0 &&
         IsValueOf(position.cost, position.quantity, kPriceMax.units()) &&
         // Marks know no limit but their type's.
         IsValueOf(position.day_basis, position.quantity, std::numeric_limits<int64_t>::max());
}

Int128 LongCost(const Position& position) {
  return position.quantity.positive() ? position.cost.units() : 0;
}
Int128 ShortCost(const Position& position) {
  return position.quantity.positive() ? 0 : position.cost.units();
}

struct Trade {
  Position after;
  Int128 profit = 0;  // by what was closed, before fees
};

// Average cost: a reduction moves its share of the cost, and what it brings beyond that is profit;
// what is added costs its price. Crossing zero does both. `sign` is 1 for a buy, -1 for a sell; the
// quantity after it is within kQuantityMax.
Trade MakeTrade(const Position& before, int sign, Quantity quantity, Price price) {
  Trade trade{.after = before, .profit = 0};
  Position& after = trade.after;
  const int64_t owned = before.quantity.units();
  Quantity closed;
  if (owned != 0 && (owned > 0) != (sign > 0)) {
    closed = std::min(quantity, Magnitude(before.quantity));
    const Amount cost = ShareOf(before.cost, before.quantity, closed);
    // The two are equal until the first day roll after the position was opened.
    const Amount basis =
        before.day_basis == before.cost ? cost : ShareOf(before.day_basis, before.quantity, closed);
    after.cost = Amount::FromUnits(before.cost.units() - cost.units());
    after.day_basis = Amount::FromUnits(before.day_basis.units() - basis.units());
    trade.profit = -sign * (price * closed).units() - cost.units();
  }
  const Quantity opened = Quantity::FromUnits(quantity.units() - closed.units());
  if (!opened.zero()) {
    const Int128 added = sign * (price * opened).units();
    after.cost = Amount::FromUnits(after.cost.units() + added);
    after.day_basis = Amount::FromUnits(after.day_basis.units() + added);
    if (!closed.zero()) after.last_day_price = {};
  }
  after.quantity =
      Quantity::FromUnits(static_cast<int64_t>(Int128{owned} + sign * Int128{quantity.units()}));
  return trade;
}

bool Within(Amount value, Amount most) { return value <= most && value >= Negated(most); }

}  // namespace

bool WithinLimits(const AccountSettings& settings) {
  const Fees& fees = settings.fees;
  const RiskLimits& limits = settings.limits;
  return settings.cash.units() >= 0 && settings.cash <= kNotionalMax && fees.rate.units() >= 0 &&
         fees.rate.units() <= base::kDecimalScale && fees.per_share.units() >= 0 &&
         fees.minimum.units() >= 0 && settings.slippage_bps.units() >= 0 &&
         (settings.multiplier == 1 || settings.multiplier == 2 || settings.multiplier == 4) &&
         limits.max_order_value.units() >= 0 && limits.max_order_value <= kAmountEnd &&
         limits.max_order_quantity.units() >= 0 && limits.price_collar.units() >= 0 &&
         limits.gross.units() >= 0 && limits.net.units() >= 0 && limits.concentration.units() >= 0;
}

Account::Account(const AccountSettings& settings, base::WallTime opened)
    : settings_(settings), opened_(opened) {
  Reset(opened);
}

void Account::Reset(base::WallTime time) {
  LT_ASSERT(WithinLimits(settings_), "cash {}", settings_.cash.ToString());
  reset_at_ = time;
  start_ = cash_ = equity_ = peak_ = day_start_ = settings_.cash;
  realized_ = reserved_ = long_cost_ = short_cost_ = {};
  fills_ = 0;
  positions_.clear();
  max_drawdown_ = 0;
  lowest_ = peak_;
}

const Position* Account::Find(InstrumentId instrument) const {
  const auto it = positions_.find(instrument);
  return it == positions_.end() ? nullptr : &it->second;
}

Quantity Account::Available(InstrumentId instrument) const {
  const Position* position = Find(instrument);
  if (position == nullptr) return {};
  const int64_t free = Magnitude(position->quantity).units() - position->held.units();
  return Quantity::FromUnits(std::max<int64_t>(free, 0));
}

Amount Account::FeeOf(Quantity quantity, Price price) const {
  const Fees& fees = settings_.fees;
  Amount fee = fees.rate.zero() ? Amount() : TimesRate(price * quantity, fees.rate);
  if (!fees.per_share.zero()) {
    fee = Plus(fee, Amount::FromUnits(Int128{fees.per_share.units()} * quantity.units()));
  }
  return std::max(fee, Amount::From(fees.minimum));
}

std::optional<Account::Booking> Account::Book(const Position* listed, Side side, Quantity quantity,
                                              Price price) const {
  if (!quantity.positive() || quantity > kQuantityMax) return std::nullopt;
  if (!price.positive() || price > kPriceMax || price * quantity > kNotionalMax) {
    return std::nullopt;
  }
  if (listed == nullptr && positions_.size() >= kPositionsMax) return std::nullopt;
  const Position before = listed != nullptr ? *listed : Position{};
  // By signs: what is bought counts positive, what is sold negative.
  const int sign = side == Side::kBuy ? 1 : -1;
  if (Magnitude(before.quantity.units() + sign * Int128{quantity.units()}) > kQuantityMax.units()) {
    return std::nullopt;
  }
  const Trade trade = MakeTrade(before, sign, quantity, price);

  Booking booking;
  booking.position = trade.after;
  booking.fee = FeeOf(quantity, price);
  booking.realized = Amount::FromUnits(trade.profit - booking.fee.units());
  booking.account_realized = Amount::FromUnits(realized_.units() + booking.realized.units());
  booking.account_cash =
      Amount::FromUnits(cash_.units() - sign * (price * quantity).units() - booking.fee.units());
  booking.long_cost =
      Amount::FromUnits(long_cost_.units() + LongCost(trade.after) - LongCost(before));
  booking.short_cost =
      Amount::FromUnits(short_cost_.units() + ShortCost(trade.after) - ShortCost(before));
  if (!Within(booking.account_realized, kMoneyMax) || !Within(booking.account_cash, kMoneyMax) ||
      booking.long_cost.units() - booking.short_cost.units() > kMoneyMax.units()) {
    return std::nullopt;
  }
  return booking;
}

bool Account::CanTake(InstrumentId instrument, Side side, Quantity quantity, Price price) const {
  return Book(Find(instrument), side, quantity, price).has_value();
}

Account::Effect Account::Take(InstrumentId instrument, Side side, Quantity quantity, Price price) {
  const auto listed = positions_.find(instrument);
  const bool is_new = listed == positions_.end();
  const std::optional<Booking> booking =
      Book(is_new ? nullptr : &listed->second, side, quantity, price);
  LT_ASSERT(booking.has_value(), "instrument {}: {} {} at {}", instrument.value(), Name(side),
            quantity.units(), price.units());
  if (booking->position.quantity.zero()) {
    LT_ASSERT(booking->position.cost.zero() && booking->position.day_basis.zero());
    positions_.erase(listed);  // a fill is not empty: there was one
  } else {
    LT_ASSERT(floor::Sound(booking->position), "quantity {} cost {}",
              booking->position.quantity.units(), booking->position.cost.ToString());
    if (is_new) {
      positions_.emplace(instrument, booking->position);
    } else {
      listed->second = booking->position;
    }
  }
  cash_ = booking->account_cash;
  realized_ = booking->account_realized;
  long_cost_ = booking->long_cost;
  short_cost_ = booking->short_cost;
  ++fills_;
  AssertIdentity();
  return {
      .fee = booking->fee, .realized = booking->realized, .position = booking->position.quantity};
}

void Account::FailIdentity() const {
  base::AssertionFailed("cash + costs == start + realized", __FILE__, __LINE__,
                        fmt::format("cash {} costs {} and {}, start {} realized {}",
                                    cash_.ToString(), long_cost_.ToString(), short_cost_.ToString(),
                                    start_.ToString(), realized_.ToString()));
}

void Account::Reserve(Amount amount) {
  const std::optional<Amount> sum = reserved_.CheckedAdd(amount);
  LT_ASSERT(amount.units() >= 0 && sum && *sum <= kAmountEnd, "{} and {}", reserved_.ToString(),
            amount.ToString());
  reserved_ = *sum;
}

void Account::Release(Amount amount) {
  LT_ASSERT(amount.units() >= 0 && amount <= reserved_, "{} of {}", amount.ToString(),
            reserved_.ToString());
  reserved_ = Amount::FromUnits(reserved_.units() - amount.units());
}

void Account::Hold(InstrumentId instrument, Quantity quantity) {
  LT_ASSERT(quantity.units() >= 0, "{}", quantity.units());
  const auto it = positions_.find(instrument);
  if (it == positions_.end()) return;
  // Two orders' quantities may be more than a Quantity is; more than the position is enough.
  constexpr auto kMost = Quantity::FromUnits(std::numeric_limits<int64_t>::max());
  it->second.held = it->second.held.CheckedAdd(quantity).value_or(kMost);
}

void Account::Unhold(InstrumentId instrument, Quantity quantity) {
  LT_ASSERT(quantity.units() >= 0, "{}", quantity.units());
  const auto it = positions_.find(instrument);
  if (it == positions_.end()) return;
  const int64_t held = it->second.held.units() - quantity.units();
  it->second.held = Quantity::FromUnits(std::max<int64_t>(held, 0));
}

// The sums stay apart in variables of their own: where they share memory, each addition waits for the
// one before it to be written.
Account::Worth Account::WorthAt(const QuoteBoard& quotes) const {
  Amount long_value, short_value;
  Int128 longs = 0, shorts = 0;
  for (const auto& [instrument, position] : positions_) {
    const model::Quote* const quote = quotes.Find(instrument);
    const Amount worth = quote != nullptr ? quote->price * position.quantity : position.cost;
    if (position.quantity.positive()) {
      long_value = Plus(long_value, worth);
      longs += position.cost.units();
    } else {
      short_value = Plus(short_value, worth);
      shorts += position.cost.units();
    }
  }
  LT_ASSERT(longs == long_cost_.units() && shorts == short_cost_.units(), "costs {} and {}",
            long_cost_.ToString(), short_cost_.ToString());
  AssertIdentity();
  return {.longs = long_value, .shorts = short_value};
}

Valuation Account::Value(const QuoteBoard& quotes) const {
  const Worth worth = WorthAt(quotes);
  const Amount all = Plus(worth.longs, worth.shorts);
  return {.equity = Plus(cash_, all),
          .long_value = worth.longs,
          .short_value = worth.shorts,
          .unrealized = Minus(all, Plus(long_cost_, short_cost_)),
          .gross = Minus(worth.longs, worth.shorts)};
}

Amount Account::BuyingPower(const Valuation& value) const {
  const Amount used = Plus(value.gross, reserved_);
  return std::max(Amount{}, Minus(Times(value.equity, settings_.multiplier), used));
}

Amount Account::NonMarginableBuyingPower(const Valuation& value) const {
  return std::max(Amount{}, Minus(Plus(cash_, value.short_value), reserved_));
}

Amount Account::Sample(const QuoteBoard& quotes) {
  const Worth worth = WorthAt(quotes);
  const Amount equity = Plus(cash_, Plus(worth.longs, worth.shorts));
  equity_ = equity;
  if (equity > peak_) {
    max_drawdown_ = max_drawdown();
    peak_ = lowest_ = equity;
  } else if (equity < lowest_) {
    lowest_ = equity;
  }
  return equity;
}

Amount Account::day_pnl() const { return Minus(equity_, day_start_); }

double Account::drawdown() const { return Growth(equity_, peak_); }

double Account::max_drawdown() const { return std::min(max_drawdown_, Growth(lowest_, peak_)); }

double Account::day_drawdown() const {
  return equity_ < day_start_ ? Growth(equity_, day_start_) : 0;
}

void Account::RollDay(const QuoteBoard& quotes) {
  Sample(quotes);
  BeginDay(quotes);
}

void Account::BeginDay(const QuoteBoard& quotes) {
  day_start_ = equity_;
  for (auto& [instrument, position] : positions_) {
    const model::Quote* const quote = quotes.Find(instrument);
    position.last_day_price = quote != nullptr ? quote->price : Price{};
    position.day_basis = quote != nullptr ? quote->price * position.quantity : position.cost;
  }
}

bool Account::Sound() const {
  if (positions_.size() > kPositionsMax || !std::isfinite(max_drawdown_) || max_drawdown_ > 0) {
    return false;
  }
  Int128 longs = 0, shorts = 0;
  for (const auto& [instrument, position] : positions_) {
    if (!floor::Sound(position)) return false;
    (position.quantity.positive() ? longs : shorts) += position.cost.units();
    if (longs - shorts > kMoneyMax.units()) return false;
  }
  return WithinLimits(settings_) && start_.units() >= 0 && start_ <= kNotionalMax &&
         Within(cash_, kMoneyMax) && Within(realized_, kMoneyMax) && reserved_.units() >= 0 &&
         reserved_ <= kAmountEnd && Within(equity_, kAmountEnd) && Within(peak_, kAmountEnd) &&
         peak_ >= equity_ && Within(day_start_, kAmountEnd) && longs == long_cost_.units() &&
         shorts == short_cost_.units() &&
         cash_.units() + longs + shorts == start_.units() + realized_.units();
}

}  // namespace livetape::floor
