#pragma once

// TradingFloor::State: all that the floor owns, and what its parts do to it. Each part is a file:
// placing, replacing, matching, filling, families (legs), bar_path, sessions, restoring. Owned by
// the TradingFloor, on its thread.
//
// Invariants, besides the floor's own:
//  1. An open order stands in the queue that its `line` names, under its `key`.
//  2. What an order's node says is reserved and held is what its account has for it: Claim brings
//     both in line with the order after every change.
//  3. A fill never calls back into matching: what it leads to (legs that become active, an account
//     that is ruined) is put on a list, and Settle does it before the call returns.

#include <map>
#include <memory>
#include <vector>

#include "base/assert.h"
#include "floor/acceptance.h"
#include "floor/account.h"
#include "floor/client_order_index.h"
#include "floor/market.h"
#include "floor/open_orders.h"
#include "floor/order_event.h"
#include "floor/order_request.h"
#include "floor/order_terms.h"
#include "floor/quote_board.h"
#include "floor/risk/risk_book.h"
#include "floor/trading_floor.h"

namespace livetape::floor {

// An account and what the floor keeps of it.
struct Trader {
  model::AccountId id;
  Account account;
  OrderList orders;
  bool touched = false;  // it is in the list of those that have changed
  // Orders accepted in the second of floor time that began at `second`.
  int64_t second = 0;
  uint32_t placed = 0;
  // Of its snapshot: days that began up to then have begun for it.
  base::WallTime held{};
  bool risk_due = false;  // its limits are to be looked at
};

class TradingFloor::State {
 public:
  State(const Options& options, FloorObserver& observer)
      : options_(options), observer_(observer), names_(options.seed) {
    if (options.watch_risk) risk_ = std::make_unique<RiskBook>();
  }

  // --- market
  model::InstrumentId AddInstrument(model::AssetClass asset_class);
  const Options& options() const { return options_; }
  const QuoteBoard& quotes() const { return quotes_; }
  base::WallTime now() const { return now_; }
  bool OnQuote(base::WallTime time, const model::QuoteUpdate& update);
  bool OnTrade(base::WallTime time, const model::TradeTick& trade);
  void OnVolume(base::WallTime time, model::InstrumentId instrument, base::Quantity volume);
  void OnBook(base::WallTime time, const model::BookUpdate& update);
  void OnBarOpen(base::WallTime time, model::InstrumentId instrument, base::Price open);
  void OnBarRest(base::WallTime time, model::InstrumentId instrument, const model::Bar& bar);
  void OnSession(base::WallTime time, SessionEvent event);
  void RestoreQuote(model::InstrumentId instrument, const model::Quote& quote);
  void RestoreTraded(model::InstrumentId instrument, bool traded) {
    quotes_.RestoreTraded(instrument, traded);
  }

  // --- accounts
  model::AccountId OpenAccount(base::WallTime time, const AccountSettings& settings);
  size_t account_count() const { return traders_.size(); }
  const Account& account(model::AccountId id) const;
  void ChangeSettings(model::AccountId id, const AccountSettings& settings);
  void SetState(base::WallTime time, model::AccountId id, AccountState state);
  void Reset(base::WallTime time, model::AccountId id);
  void TakeChanged(base::WallTime time, std::vector<model::AccountId>& changed);

  // --- risk: watching.cc
  void OnDailyCloses(model::InstrumentId instrument, std::span<const DailyClose> closes);
  void SetRiskRules(base::WallTime time, const RiskRules& rules);
  const RiskBook& risk() const;
  RiskBook& risk();
  void WatchRisk();
  RiskReport Risk(model::AccountId id);

  // --- orders
  std::expected<model::OrderId, Refusal> Place(base::WallTime time, model::AccountId account,
                                               const OrderRequest& request);
  std::expected<model::OrderId, Refusal> Replace(base::WallTime time, model::AccountId account,
                                                 model::OrderId order, const OrderChange& change);
  std::expected<void, Refusal> Cancel(base::WallTime time, model::AccountId account,
                                      model::OrderId order);
  OpenOrder* FindOpen(model::AccountId account, model::OrderId order) const;
  model::OrderId FindByClientId(model::AccountId account, const model::ClientOrderId& name) const;
  std::vector<const model::Order*> OpenOrdersOf(model::AccountId account) const;

  // --- restoring
  void RestoreAccount(AccountSnapshot snapshot, base::WallTime time);
  void ReturnTo(base::WallTime time);
  void ResumeDay(base::WallTime began);
  void Replay(const OrderEvent& event);
  void RestoreClientId(model::AccountId account, const model::ClientOrderId& name,
                       model::OrderId order);
  void RestoreIds(model::OrderId next_order, uint64_t next_fill);
  model::OrderId next_order() const { return model::OrderId(next_order_); }
  uint64_t next_fill() const { return next_fill_; }

 private:
  // One fill that is about to happen.
  struct Execution {
    base::Quantity quantity;
    base::Price price;   // with slippage
    base::Price source;  // before it
    FillModel model = FillModel::kQuote;
    uint32_t level = 1;
    DepthSide* depth = nullptr;  // whose level it takes from
    bool maker = false;
    bool completes = false;  // nothing is left of the order after it
  };
  // What is done after an order's turn.
  struct Consequence {
    bool ruin = false;  // of `account`; else `parent` has been filled
    model::AccountId account;
    model::Order parent;
    bool risk = false;  // limits of `account` are looked at
  };
  // The open legs of a bracket.
  struct Family {
    model::OrderId take_profit, stop_loss;
  };

  Market& MarketOf(model::InstrumentId id) {
    // Compared as places: the size of the vector would be a division, on every tick.
    Market* const market = markets_.data() + id.value();
    LT_ASSERT(market < std::to_address(markets_.end()), "instrument {}", id.value());
    return *market;
  }
  Market& MarketOf(const OpenOrder& o) { return MarketOf(o.order.instrument); }
  Trader& TraderOf(model::AccountId id) {
    LT_ASSERT(id.value() < traders_.size(), "account {}", id.value());
    return *traders_[id.value()];
  }
  const Trader& TraderOf(model::AccountId id) const {
    LT_ASSERT(id.value() < traders_.size(), "account {}", id.value());
    return *traders_[id.value()];
  }
  Trader& TraderOf(const OpenOrder& o) { return TraderOf(o.order.account); }

  // --- trading_floor.cc
  void Advance(base::WallTime time) {
    if (time <= now_) return;
    if (time >= risk_next_) [[unlikely]]
      JudgeChanged(time);
    now_ = time;
  }
  void Flag(Market& market) {
    if (market.changed) return;
    market.changed = true;
    changed_.push_back(market.id);
  }
  void Touch(Trader& trader) {
    if (trader.touched) return;
    trader.touched = true;
    touched_.push_back(trader.id);
  }
  // Tells what has become of an order, as it is now.
  void Emit(OrderEventKind kind, OpenOrder& o, RefusalReason reason = RefusalReason::kNone);
  void CancelAll(Trader& trader, RefusalReason reason);
  void FlagRuin(Trader& trader);
  void CheckIdentity(const Trader& trader) const;

  // --- watching.cc
  // All accounts that may have changed since the last time, as they were before `time`.
  void JudgeChanged(base::WallTime time);
  // Whether a clock that has been set back wants it: the floor's own time stands still then.
  bool JudgesBehind(base::WallTime time) const;
  void JudgeRisk(Trader& trader);
  void Act(Trader& trader, RiskAction action);
  void ActAnew(Trader& trader, const RiskRules& before);
  void NoteRisk(Trader& trader) {
    if (trader.risk_due) return;
    trader.risk_due = true;
    risk_due_.push_back(trader.id);
  }
  void NoteTouchedRisk() {
    for (const model::AccountId id : touched_) NoteRisk(TraderOf(id));
  }
  bool watching() const { return risk_next_ != base::WallTime::max(); }
  void FlagRisk(const Trader& trader) {
    if (!watching() || !risk_->on()) return;
    consequences_.push_back({.ruin = false, .account = trader.id, .parent = {}, .risk = true});
  }
  void EndRiskDay(base::WallTime roll);

  // --- placing.cc
  model::Order OrderOf(model::AccountId account, const OrderRequest& request) const;
  model::Order LegOf(const model::Order& parent, const OrderRequest& request,
                     model::LegRole role) const;
  Refusal Refuse(const model::Order& order, const Refusal& refusal);
  void Accept(const model::Order& order, const OrderRequest& request);
  void AcceptLegs(OpenOrder& parent, const OrderRequest& request);
  void AddName(const model::Order& order);
  // Of the clock that the caller goes by: it may have been set back, and goes on then.
  static uint32_t PlacedThisSecond(Trader& trader, base::WallTime time);
  // A new order, or a waiting one whose time has come: its event, not yet its turn.
  void Open(OpenOrder& o);
  // Waits for a session or an auction.
  void Await(OpenOrder& o);
  bool TradesNow(const model::Order& order);

  // --- families.cc
  OpenOrder& AddOrder(const model::Order& order);
  // Takes it out of every list; what it claimed has been given back.
  void Drop(OpenOrder& o);
  // Brings what its account reserves and holds in line with it, and with its sibling.
  void Claim(OpenOrder& o);
  void Unclaim(OpenOrder& o);
  // The other leg, of an OCO the parent and its leg; nullptr: none that is open.
  OpenOrder* SiblingOf(const model::Order& order) const;
  // The one of both that holds.
  OpenOrder& HolderOf(OpenOrder& o);
  void Relate(const model::Order& order);
  void Unrelate(const model::Order& order);
  // Ends an order and those that end with it.
  void Close(OpenOrder& o, OrderEventKind kind, RefusalReason reason = RefusalReason::kNone);
  void CloseRelatives(const model::Order& order, OrderEventKind kind);
  void Activate(const model::Order& parent);
  void Settle() {
    if (!unsettled_.empty() || !consequences_.empty()) SettleAll();
  }
  void SettleAll();

  // --- replacing.cc
  Refusal CheckChange(const OpenOrder& old, const OrderChange& change) const;
  Refusal JudgeChange(OpenOrder& old, model::Order& next, base::WallTime time);
  bool LegsFit(const model::Order& next, const OpenOrder& old) const;
  OrderRequest RequestOf(const model::Order& order) const;
  void Relink(const model::Order& old, const OpenOrder& next);

  // --- matching.cc
  // Everything that the market's prices reach, resting orders in their order.
  void Match(Market& market, bool book_is_new = false);
  void MatchReached(Market& market, const model::Quote& quote, bool book_is_new);
  void Trail(Market& market, base::Price price);
  // A live order's first turn; it may rest after it.
  void Arrive(OpenOrder& o);
  void Trigger(OpenOrder& o);
  // What can be filled is; the rest rests, or ends with ioc and fok.
  void Execute(OpenOrder& o, bool arriving);
  // False: the order is over.
  bool Trade(OpenOrder& o, bool maker);
  bool TradeOnQuote(OpenOrder& o, const Market& market, bool maker);
  bool TradeOnDepth(OpenOrder& o, DepthSide& depth, bool maker);
  bool Fillable(const OpenOrder& o) const;
  base::Price PriceOf(const OpenOrder& o, base::Price source) const;
  base::Quantity Wanted(const OpenOrder& o, base::Price price) const;
  // Puts an order where it waits for the market; Withdraw takes it out.
  void Stand(OpenOrder& o);
  void StandAt(OpenOrder& o, Line line, int64_t key);
  void StandTrailing(OpenOrder& o);
  void Withdraw(OpenOrder& o);
  void StartTrailing(OpenOrder& o, base::Price price);
  // Calls `visit` with each order of a queue whose key is at most `threshold`, in their order, also
  // with those that come to stand behind the one that is visited.
  template <typename Visit>
  void VisitReached(MatchQueue& queue, int64_t threshold, Visit visit) {
    MatchQueue::Spot spot;
    while (const MatchQueue::Spot* next = queue.After(spot)) {
      if (next->key > threshold) return;
      if (const MatchQueue::Spot* const behind = queue.Behind(next)) Prefetch(*behind->order);
      spot = *next;
      visit(*spot.order);
      Settle();
    }
  }

  // --- filling.cc
  // False: the order is over.
  bool MakeFill(OpenOrder& o, const Execution& execution);
  void Shed(Trader& trader, const model::Order& taker, const Position& position,
            base::Quantity quantity);
  void Book(Trader& trader, const model::Order& order, bool had_position, base::Quantity quantity,
            base::Price price, Fill& fill);
  void Hold(const Trader& trader, model::InstrumentId instrument, bool holds);
  void UseHold(Trader& trader, OpenOrder& o, base::Quantity quantity);
  void ShrinkSibling(const model::Order& order, base::Quantity by);

  // --- bar_path.cc
  void Step(Market& market, base::WallTime time, base::Price price);
  void Walk(Market& market, base::WallTime time, base::Price to);

  // --- sessions.cc
  bool BoundToSessions(const Market& market) const {
    return options_.exchange_hours && market.asset_class == model::AssetClass::kUsEquity;
  }
  void Begin(Market& market);
  void OpenSession(base::WallTime time);
  void CloseSession(base::WallTime time);
  void RollDay(base::WallTime time);
  bool Had(const OpenOrder& o, base::WallTime end) const;
  void Auction(Market& market, base::WallTime end);
  void EndOpening(Market& market, base::WallTime end);
  void ExpireDayOrders(base::WallTime roll);

  // --- restoring.cc
  void ReplayPlaced(const model::Order& order);
  void ReplayFill(OpenOrder& o, const OrderEvent& event);
  void ReplayClaims(OpenOrder& o, const OrderEvent& event);
  bool HasRelatives(const model::Order& order) const;
  void FinishReplayed();

  const Options options_;
  FloorObserver& observer_;
  std::optional<base::WallTime> session_;  // of us_equity: when the one that goes on began
  base::WallTime now_;
  QuoteBoard quotes_;
  std::vector<Market> markets_;
  std::vector<std::unique_ptr<Trader>> traders_;
  floor::OpenOrders orders_;
  std::map<model::OrderId, Family> families_;  // by parent, which may be filled
  ClientOrderIndex names_;
  uint64_t next_order_ = 1;
  uint64_t next_fill_ = 1;
  std::vector<model::InstrumentId> changed_;
  std::vector<model::AccountId> touched_;
  std::vector<Consequence> consequences_;
  std::unique_ptr<RiskBook> risk_;                    // none: nobody watches
  base::WallTime risk_next_ = base::WallTime::max();  // when all are looked at next
  std::vector<model::AccountId> risk_due_;
  std::vector<RiskAlert> alerts_;        // scratch
  std::vector<model::Order> unsettled_;  // replayed ones that are over and may have relatives
};

}  // namespace livetape::floor
