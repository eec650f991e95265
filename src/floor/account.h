#pragma once

// Account: cash, positions and what is reserved of them; average-cost accounting in fixed point
// (docs/trading.md). Part of the deterministic core; owned by the TradingFloor.
//
// Invariants:
//  1. cash = start + realized - sum of the positions' cost, exactly, after every change; with it the
//     identity cash + sum(q x mark) = start + realized + sum(q x mark - cost) holds for any marks.
//  2. A position that is listed is not flat; the cost has the sign of the quantity.
//  3. 0 <= reserved; 0 <= held of each position.
//  4. |cash|, |realized| and the sum of the positions' |cost| are at most kMoneyMax: CanTake says no
//     before they could pass it.

#include <cstdint>
#include <map>
#include <optional>

#include "base/assert.h"
#include "base/clock.h"
#include "base/decimal.h"
#include "floor/account_settings.h"
#include "floor/quote_board.h"
#include "model/order.h"

namespace livetape::floor {

inline constexpr base::Amount kMoneyMax =  // 10^18
    base::Amount::FromUnits(base::Int128{1'000'000'000'000'000'000} * 1'000'000'000'000'000'000);
inline constexpr base::Quantity kQuantityMax =
    base::Quantity::FromUnits(9'000'000'000'000'000'000);  // 9 x 10^9, also of a position
inline constexpr base::Price kPriceMax = base::Price::FromUnits(1'000'000'000'000'000'000);  // 10^9
inline constexpr base::Amount kNotionalMax =  // 10^15, of an order and of a fill
    base::Amount::FromUnits(base::Int128{1'000'000'000'000'000} * 1'000'000'000'000'000'000);

// Cash 0 to 10^15, nothing negative, a fee rate of at most 1, a multiplier of 1, 2 or 4.
bool WithinLimits(const AccountSettings& settings);

struct Position {
  base::Quantity quantity;  // signed, not 0
  base::Amount cost;        // signed likewise: average price x quantity
  base::Quantity held;      // by reducing orders; not negative, may be more than the quantity
  // What it was worth at the day's start, and what was added since at its price; a reduction takes
  // its share. Today's profit of what is held is quantity x mark - day_basis.
  base::Amount day_basis;
  base::Price last_day_price;  // the mark at the last roll; 0: opened after it
};

// What an account is worth at the marks of the moment. The mark is the quote's price; a position in
// an instrument without one (for a moment after a restart) counts with its cost, as if it had neither
// profit nor loss. Sums that would leave the range stay at its
// ends (+-10^20).
struct Valuation {
  base::Amount equity;       // cash + long_value + short_value
  base::Amount long_value;   // not negative
  base::Amount short_value;  // not positive
  base::Amount unrealized;
  base::Amount gross;  // long_value - short_value
};

class Account {
 public:
  // The settings are WithinLimits, also after every change of them.
  Account(const AccountSettings& settings, base::WallTime opened);

  const AccountSettings& settings() const { return settings_; }
  AccountSettings& settings() { return settings_; }
  AccountState state() const { return state_; }
  void set_state(AccountState state) { state_ = state; }
  base::WallTime opened() const { return opened_; }
  base::WallTime reset_at() const { return reset_at_; }  // the last reset, else opened()

  base::Amount start() const { return start_; }  // cash at start or reset
  base::Amount cash() const { return cash_; }
  base::Amount realized() const { return realized_; }  // since start or reset, net of fees
  base::Amount reserved() const { return reserved_; }  // of buying power, by opening orders
  uint64_t fills() const { return fills_; }            // since start or reset
  // By instrument.
  const std::map<model::InstrumentId, Position>& positions() const { return positions_; }
  const Position* Find(model::InstrumentId instrument) const;
  // What a reducing order may still ask for, unsigned: |quantity| - held, at least 0.
  base::Quantity Available(model::InstrumentId instrument) const;

  // Whether a fill keeps every limit: quantity and price are positive, and none of kQuantityMax,
  // kPriceMax, kNotionalMax, kMoneyMax and kPositionsMax is passed.
  bool CanTake(model::InstrumentId instrument, model::Side side, base::Quantity quantity,
               base::Price price) const;
  // max(minimum, rate x notional + per_share x quantity); the rate's part is rounded half-even.
  base::Amount FeeOf(base::Quantity quantity, base::Price price) const;
  struct Effect {
    base::Amount fee, realized;  // of this fill; realized is net of the fee
    base::Quantity position;     // after it
  };
  // Books a fill; CanTake has said yes. Crossing zero closes and opens the rest at `price`.
  Effect Take(model::InstrumentId instrument, model::Side side, base::Quantity quantity,
              base::Price price);

  // Amounts are not negative; no more is released than is reserved.
  void Reserve(base::Amount amount);
  void Release(base::Amount amount);
  // Of a position. What is held ends with the position: on one that is flat both do nothing, and
  // Unhold takes away at most what is held. It survives a fill that crosses zero.
  void Hold(model::InstrumentId instrument, base::Quantity quantity);
  void Unhold(model::InstrumentId instrument, base::Quantity quantity);

  Valuation Value(const QuoteBoard& quotes) const;
  // max(0, multiplier x equity - gross - reserved); for crypto, non-marginable:
  // max(0, cash - |short_value| - reserved) (docs/trading.md).
  base::Amount BuyingPower(const Valuation& value) const;
  base::Amount NonMarginableBuyingPower(const Valuation& value) const;

  // Samples peak and drawdowns at the marks of now; gives the equity.
  base::Amount Sample(const QuoteBoard& quotes);
  base::Amount equity() const { return equity_; }        // at the last Sample
  base::Amount peak() const { return peak_; }            // greatest equity sampled
  base::Amount day_start() const { return day_start_; }  // equity at the last roll (last_equity)
  base::Amount day_pnl() const;                          // equity() - day_start()
  // Fractions, negative or 0, for display: equity / peak - 1, the lowest of those since start or
  // reset, and equity / day_start - 1 (0 when it is positive). 0 while the base is not positive.
  double drawdown() const;
  double max_drawdown() const;
  double day_drawdown() const;

  // The day begins: day_start = equity now, each last_day_price and day_basis at its mark; without
  // a mark the basis is the cost and last_day_price 0.
  void RollDay(const QuoteBoard& quotes);
  // RollDay without its Sample, for who knows that nothing has changed since the last one.
  void BeginDay(const QuoteBoard& quotes);
  // Back to the start: cash, no positions, nothing reserved. Orders are the floor's to cancel before;
  // settings and state stay.
  void Reset(base::WallTime time);

  // Whether the invariants hold and everything is in its range. Asserted where all positions are
  // visited anyway; asked of an account that comes from a file.
  bool Sound() const;

  // For the snapshot (floor/snapshot.cc).
  friend struct AccountImage;

 private:
  // All that a fill changes, as it is after it.
  struct Booking {
    Position position;  // not listed when its quantity is 0
    base::Amount fee, realized;
    base::Amount account_cash, account_realized, long_cost, short_cost;
  };
  // Nothing if a limit would be passed. `listed` is the position in the instrument, if there is one.
  std::optional<Booking> Book(const Position* listed, model::Side side, base::Quantity quantity,
                              base::Price price) const;
  struct Worth {
    base::Amount longs, shorts;  // not negative, not positive
  };
  Worth WorthAt(const QuoteBoard& quotes) const;
  // Invariant 1. The sums of costs follow each change by itself, the cash and the realized profit on
  // their own ways.
  void AssertIdentity() const {
    if (cash_.units() + long_cost_.units() + short_cost_.units() !=
        start_.units() + realized_.units()) [[unlikely]] {
      FailIdentity();
    }
  }
  [[noreturn]] void FailIdentity() const;

  AccountSettings settings_;
  AccountState state_ = AccountState::kActive;
  base::WallTime opened_, reset_at_;
  base::Amount start_, cash_, realized_, reserved_;
  uint64_t fills_ = 0;
  std::map<model::InstrumentId, Position> positions_;
  base::Amount long_cost_, short_cost_;  // sums of the positions' costs: not negative, not positive
  base::Amount equity_, peak_, day_start_;
  double max_drawdown_ = 0;  // under peaks before this one
  // The lowest equity sampled since the peak. Not in a snapshot, where max_drawdown() stands for it.
  base::Amount lowest_;
};

}  // namespace livetape::floor
