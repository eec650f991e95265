#pragma once

// TradingFloor: accounts trade on the market here. The deterministic core of paper trading and of
// backtests: whatever comes in comes in by a call, with its time; the same calls give the same
// events, byte for byte. Rules: docs/trading.md. One thread owns it.
//
// Invariants:
//  1. Every change of an order is one OrderEvent, told in order before the call returns; an order is
//     open from its first event to the one with a Closed status.
//  2. What an open opening order reserves and an open reducing order holds is exactly what its
//     account has reserved and held; legs of one parent hold once.
//  3. Orders of one instrument match by price, then by id; accounts know nothing of each other.
//  4. Times do not go backwards: an earlier one counts as the last.

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/clock.h"
#include "floor/account.h"
#include "floor/client_order_index.h"
#include "floor/order_event.h"
#include "floor/order_request.h"
#include "floor/quote_board.h"
#include "floor/risk/close_book.h"
#include "floor/risk/risk_figures.h"
#include "floor/snapshot.h"
#include "model/bar.h"
#include "model/book_level.h"
#include "model/market_event.h"
#include "model/order.h"

namespace livetape::floor {

class InputListener;  // floor/recording/floor_input.h

// Who is told what happens, from inside the calls. It must not call the floor.
class FloorObserver {
 public:
  virtual ~FloorObserver() = default;
  virtual void OnOrderEvent(const OrderEvent& event) = 0;
  // Its equity is used up: the account has been halted, its orders are canceled.
  virtual void OnRuined(model::AccountId account, base::WallTime time) = 0;
  // A limit of risk is broken or armed again.
  virtual void OnRiskAlert(const RiskAlert&) {}
  // What is to be done then has been: the account's state is another one.
  virtual void OnRiskAction(model::AccountId, base::WallTime) {}
};

enum class SessionEvent : uint8_t {
  kOpen,     // us_equity trades from now on
  kClose,    // and until here
  kDayRoll,  // of all accounts
};

class TradingFloor {
 public:
  struct Options {
    // us_equity trades between kOpen and kClose only; else everything always.
    bool exchange_hours = false;
    uint64_t seed = 0;  // of the index of client order ids
    bool check_identity_on_ticks = false;
    bool watch_risk = false;  // without it there are no figures of risk and no limits
  };
  // `observer` outlives it.
  TradingFloor(const Options& options, FloorObserver& observer);
  ~TradingFloor();
  const Options& options() const;
  // Is told of each call below that changes the floor, before it is made; it outlives the floor.
  void SetInputListener(InputListener& listener) { listener_ = &listener; }

  // --- market
  model::InstrumentId AddInstrument(model::AssetClass asset_class);
  const QuoteBoard& quotes() const;
  // The newest time that it has been told.
  base::WallTime now() const;
  // As QuoteBoard::Apply, and what rests matches.
  bool OnQuote(base::WallTime time, const model::QuoteUpdate& update);
  bool OnTrade(base::WallTime time, const model::TradeTick& trade);
  void OnVolume(base::WallTime time, model::InstrumentId instrument, base::Quantity volume);
  // Depth of two or more levels on a side limits what is filled there.
  void OnBook(base::WallTime time, const model::BookUpdate& update);
  // A bar, in the steps of docs/trading.md: what rests matches at the open, gaps fill there;
  // then along the path, limits at the limit, stops at the stop; then the mark is the close.
  void OnBarOpen(base::WallTime time, model::InstrumentId instrument, base::Price open);
  void OnBarRest(base::WallTime time, model::InstrumentId instrument, const model::Bar& bar);
  void OnSession(base::WallTime time, SessionEvent event);
  // What the market said before a restart, where nothing newer is known.
  void RestoreQuote(model::InstrumentId instrument, const model::Quote& quote);
  // Behind it, where that is known: whether it has had a trade, so that quotes make no price any more.
  void RestoreTraded(model::InstrumentId instrument, bool traded);

  // --- accounts
  model::AccountId OpenAccount(base::WallTime time, const AccountSettings& settings);
  size_t account_count() const;
  const Account& account(model::AccountId id) const;
  void ChangeSettings(model::AccountId id, const AccountSettings& settings);
  // kHalted cancels its open orders.
  void SetState(base::WallTime time, model::AccountId id, AccountState state);
  // Cancels its orders, removes its positions without fills, cash = start.
  void Reset(base::WallTime time, model::AccountId id);
  // The accounts whose worth or orders may have changed since the last call, ascending, each
  // sampled. Call it once per window; it is where peaks are seen.
  void TakeChanged(base::WallTime time, std::vector<model::AccountId>& changed);

  // --- risk (docs/risk.md), with Options::watch_risk
  // All that is known of an instrument's days so far, ascending; the floor itself adds each day that
  // ends.
  void OnDailyCloses(model::InstrumentId instrument, std::span<const DailyClose> closes);
  bool KnowsDailyCloses(model::InstrumentId instrument) const;
  // In effect at once, for all accounts.
  void SetRiskRules(base::WallTime time, const RiskRules& rules);
  const RiskRules& risk_rules() const;
  // From here on limits are looked at: every 100 ms of the floor's time, and after each fill. Call it
  // when all has been restored.
  void WatchRisk();
  RiskReport Risk(model::AccountId id);
  const RiskState& risk_state(model::AccountId id) const;
  void RestoreRisk(model::AccountId id, const RiskState& state);

  // --- orders
  // The new order's id; by the return it may be filled, canceled or still open, as the events told.
  // A refusal is an event too (kRejected), but for a duplicate.
  std::expected<model::OrderId, Refusal> Place(base::WallTime time, model::AccountId account,
                                               const OrderRequest& request);
  // A new order takes the place of an open one.
  std::expected<model::OrderId, Refusal> Replace(base::WallTime time, model::AccountId account,
                                                 model::OrderId order, const OrderChange& change);
  std::expected<void, Refusal> Cancel(base::WallTime time, model::AccountId account,
                                      model::OrderId order);
  // Nothing if it is closed, unknown or another account's.
  const model::Order* FindOpen(model::AccountId account, model::OrderId order) const;
  // The order that goes by a client's name, open or closed; 0: none. An order's own id is no name.
  model::OrderId FindByClientId(model::AccountId account, const model::ClientOrderId& name) const;
  // By id, legs too.
  std::vector<const model::Order*> OpenOrders(model::AccountId account) const;

  // --- restoring, before anything else happens: snapshots, then the events after them, then names
  // The account's id is the next one.
  // `time`: of the snapshot; ends of sessions and days up to then are passed over for it.
  void RestoreAccount(AccountSnapshot snapshot, base::WallTime time = {});
  // The times from then on come a second time, as a recording's do that begins again: the clock goes back,
  // and what ended at one of them ends again. Nothing if that is not in the past.
  void ReturnTo(base::WallTime time);
  // The day that goes on began then: opg orders from before it are due.
  void ResumeDay(base::WallTime began);
  void Replay(const OrderEvent& event);
  void RestoreClientId(model::AccountId account, const model::ClientOrderId& name,
                       model::OrderId order);
  // The next ids; Replay moves them on.
  void RestoreIds(model::OrderId next_order, uint64_t next_fill);
  model::OrderId next_order() const;
  uint64_t next_fill() const;

 private:
  class State;
  template <typename Input, typename... Fields>
  void Tell(const Fields&... fields) const;

  std::unique_ptr<State> state_;
  InputListener* listener_ = nullptr;
};

}  // namespace livetape::floor
