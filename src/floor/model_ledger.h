#pragma once

// ModelLedger: an account's books as the rules of trading describe them (docs/trading.md), kept from
// nothing but what was filled. Deliberately simple and on its own: it shares no arithmetic with the
// floor. For tests; one thread uses it.

#include <algorithm>
#include <cstdint>
#include <map>

#include "base/decimal.h"
#include "floor/account_settings.h"
#include "floor/order_event.h"

namespace livetape::floor {

using base::Int128;

inline constexpr Int128 kModelOne = 1'000'000'000;  // units of a Decimal

// n / d rounded half-even, of magnitudes; d > 0.
inline Int128 ModelDivide(Int128 n, Int128 d) {
  if (n < 0) return -ModelDivide(-n, d);
  const Int128 rest = n % d;
  const bool up = 2 * rest > d || (2 * rest == d && (n / d) % 2 == 1);
  return n / d + (up ? 1 : 0);
}

struct ModelPosition {
  Int128 quantity = 0, cost = 0;  // units of 10^-9 and 10^-18, signed
};

class ModelLedger {
 public:
  explicit ModelLedger(const AccountSettings& settings) : settings_(settings) { Reset(); }

  void Reset() {
    start_ = cash_ = settings_.cash.units();
    realized_ = 0;
    fills_ = 0;
    positions_.clear();
  }
  // Books a fill; false: the floor's fill says otherwise.
  bool Book(uint32_t instrument, model::Side side, const Fill& fill) {
    const Int128 quantity = fill.quantity.units();
    const Int128 price = fill.price.units();
    const Int128 sign = side == model::Side::kBuy ? 1 : -1;
    ModelPosition& position = positions_[instrument];
    const Int128 has = position.quantity < 0 ? -position.quantity : position.quantity;
    const bool reduces = position.quantity * sign < 0;
    const Int128 closed = reduces ? std::min(has, quantity) : 0;
    Int128 profit = 0;
    if (closed > 0) {
      const Int128 share = Share(position, has, closed);
      profit = -sign * (price * closed - share);
      position.cost += sign * share;
    }
    position.cost += sign * price * (quantity - closed);
    position.quantity += sign * quantity;
    const Int128 after = position.quantity;
    if (after == 0 && position.cost != 0) return false;
    if (after == 0) positions_.erase(instrument);
    const Int128 fee = FeeOf(quantity, price);
    cash_ -= sign * price * quantity + fee;
    realized_ += profit - fee;
    ++fills_;
    return fill.fee.units() == fee && fill.realized.units() == profit - fee &&
           fill.cash.units() == cash_ && fill.account_realized.units() == realized_ &&
           fill.position.units() == after;
  }

  const AccountSettings& settings() const { return settings_; }
  Int128 cash() const { return cash_; }
  Int128 realized() const { return realized_; }
  uint64_t fills() const { return fills_; }
  const std::map<uint32_t, ModelPosition>& positions() const { return positions_; }
  Int128 quantity(uint32_t instrument) const {
    const auto found = positions_.find(instrument);
    return found == positions_.end() ? Int128{0} : found->second.quantity;
  }
  // cash + sum of costs = start + realized: with it the identity holds for any marks.
  bool Balanced() const {
    Int128 costs = 0;
    for (const auto& [instrument, position] : positions_) costs += position.cost;
    return cash_ + costs == start_ + realized_;
  }

 private:
  // cost / Q x c + half_even((cost mod Q) x c / Q), of magnitudes; all of it with all of Q.
  static Int128 Share(const ModelPosition& position, Int128 has, Int128 closed) {
    const Int128 cost = position.cost < 0 ? -position.cost : position.cost;
    if (closed == has) return cost;
    return cost / has * closed + ModelDivide(cost % has * closed, has);
  }
  Int128 FeeOf(Int128 quantity, Int128 price) const {
    const Fees& fees = settings_.fees;
    // In two parts: the whole product may need more than 128 bits.
    const Int128 value = price * quantity;
    const Int128 rate = fees.rate.units();
    const Int128 rest = value % kModelOne * rate;
    Int128 share = value / kModelOne * rate + rest / kModelOne;
    const Int128 half = rest % kModelOne * 2;
    if (half > kModelOne || (half == kModelOne && share % 2 == 1)) ++share;
    return std::max(share + fees.per_share.units() * quantity, fees.minimum.units() * kModelOne);
  }

  AccountSettings settings_;
  Int128 start_ = 0, cash_ = 0, realized_ = 0;
  uint64_t fills_ = 0;
  std::map<uint32_t, ModelPosition> positions_;
};

}  // namespace livetape::floor
