#include "floor/trading_floor.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "floor/floor_state.h"
#include "floor/recording/floor_input.h"

namespace livetape::floor {

model::InstrumentId TradingFloor::State::AddInstrument(model::AssetClass asset_class) {
  const model::InstrumentId id = quotes_.Add();
  Market& market = markets_.emplace_back();
  market.id = id;
  market.asset_class = asset_class;
  market.open = !BoundToSessions(market);
  if (!market.open && session_) {
    market.begins = true;
    market.opened = *session_;
  }
  return id;
}

bool TradingFloor::State::OnQuote(base::WallTime time, const model::QuoteUpdate& update) {
  Advance(time);
  Market& market = MarketOf(update.instrument);
  const bool price_is_new = quotes_.Apply(time, update);
  market.by_bars = false;
  Match(market);
  return price_is_new;
}

bool TradingFloor::State::OnTrade(base::WallTime time, const model::TradeTick& trade) {
  Advance(time);
  Market& market = MarketOf(trade.instrument);
  const bool price_is_new = quotes_.Apply(time, trade);
  market.by_bars = false;
  Match(market);
  return price_is_new;
}

void TradingFloor::State::OnVolume(base::WallTime time, model::InstrumentId instrument,
                                   base::Quantity volume) {
  Advance(time);
  quotes_.SetVolume(time, instrument, volume);
}

void TradingFloor::State::OnBook(base::WallTime time, const model::BookUpdate& update) {
  Advance(time);
  Market& market = MarketOf(update.instrument);
  if (!market.depth) market.depth = std::make_unique<BookDepth>();
  market.depth->Apply(update);
  market.by_bars = false;
  // Before there is a price nothing can be valued, so nothing trades.
  if (quotes_.Find(update.instrument) != nullptr) Match(market, true);
}

model::AccountId TradingFloor::State::OpenAccount(base::WallTime time,
                                                  const AccountSettings& settings) {
  Advance(time);
  const model::AccountId id(static_cast<uint32_t>(traders_.size()));
  Touch(*traders_.emplace_back(
      std::make_unique<Trader>(Trader{id, Account(settings, now_), {}, false, 0, 0})));
  return id;
}

const Account& TradingFloor::State::account(model::AccountId id) const {
  return TraderOf(id).account;
}

void TradingFloor::State::ChangeSettings(model::AccountId id, const AccountSettings& settings) {
  Trader& trader = TraderOf(id);
  trader.account.settings() = settings;
  Touch(trader);
}

void TradingFloor::State::SetState(base::WallTime time, model::AccountId id, AccountState state) {
  Advance(time);
  Trader& trader = TraderOf(id);
  trader.account.set_state(state);
  Touch(trader);
  if (state == AccountState::kHalted) CancelAll(trader, RefusalReason::kAccountHalted);
}

void TradingFloor::State::Reset(base::WallTime time, model::AccountId id) {
  Advance(time);
  Settle();
  Trader& trader = TraderOf(id);
  CancelAll(trader, RefusalReason::kNone);
  for (const auto& [instrument, position] : trader.account.positions()) {
    std::erase(MarketOf(instrument).holders, id);
  }
  trader.account.Reset(now_);
  if (risk_) risk_->Reset(id);
  Touch(trader);
}

void TradingFloor::State::CancelAll(Trader& trader, RefusalReason reason) {
  while (trader.orders.first != nullptr) {
    Close(*trader.orders.first, OrderEventKind::kCanceled, reason);
  }
}

// Only fills use equity up: an account that begins with nothing is not ruined.
void TradingFloor::State::FlagRuin(Trader& trader) {
  const Account& account = trader.account;
  if (account.equity() > base::Amount() || account.fills() == 0) return;
  if (account.state() == AccountState::kHalted) return;
  // Right after a restart a position may have no price yet; what it is worth cannot be said.
  const auto no_price = [this](const auto& held) { return quotes_.Find(held.first) == nullptr; };
  if (std::ranges::any_of(account.positions(), no_price)) return;
  consequences_.push_back({.ruin = true, .account = trader.id, .parent = {}});
}

void TradingFloor::State::TakeChanged(base::WallTime time, std::vector<model::AccountId>& changed) {
  Advance(time);
  if (JudgesBehind(time)) JudgeChanged(time);
  Settle();
  for (const model::InstrumentId instrument : changed_) {
    Market& market = MarketOf(instrument);
    market.changed = false;
    for (const model::AccountId holder : market.holders) Touch(TraderOf(holder));
  }
  changed_.clear();
  if (touched_.size() > 1) std::sort(touched_.begin(), touched_.end());
  for (const model::AccountId id : touched_) {
    Trader& trader = TraderOf(id);
    trader.account.Sample(quotes_);
    FlagRuin(trader);
  }
  // An account that is ruined now is among the touched ones already.
  Settle();
  if (watching()) NoteTouchedRisk();
  changed.swap(touched_);
  touched_.clear();
  for (const model::AccountId id : changed) TraderOf(id).touched = false;
}

void TradingFloor::State::Emit(OrderEventKind kind, OpenOrder& o, RefusalReason reason) {
  o.order.updated = now_;
  OrderEvent event;
  event.kind = kind;
  event.reason = reason;
  event.time = now_;
  event.order = o.order;
  observer_.OnOrderEvent(event);
  Touch(TraderOf(o));
}

void TradingFloor::State::CheckIdentity(const Trader& trader) const {
  LT_ASSERT(trader.account.Sound(), "account {}", trader.id.value());
}

OpenOrder* TradingFloor::State::FindOpen(model::AccountId account, model::OrderId order) const {
  OpenOrder* const o = orders_.Find(order);
  return o != nullptr && o->order.account == account ? o : nullptr;
}

model::OrderId TradingFloor::State::FindByClientId(model::AccountId account,
                                                   const model::ClientOrderId& name) const {
  return name.empty() ? model::OrderId() : names_.Find(account, name);
}

std::vector<const model::Order*> TradingFloor::State::OpenOrdersOf(model::AccountId account) const {
  const Trader& trader = TraderOf(account);
  std::vector<const model::Order*> open;
  open.reserve(trader.orders.size);
  for (const OpenOrder* o = trader.orders.first; o != nullptr; o = o->after) {
    open.push_back(&o->order);
  }
  return open;
}

// --- the floor itself

template <typename Input, typename... Fields>
inline void TradingFloor::Tell(const Fields&... fields) const {
  if (listener_ != nullptr) [[unlikely]] {
    listener_->OnInput(Input{fields...});
  }
}

TradingFloor::TradingFloor(const Options& options, FloorObserver& observer)
    : state_(std::make_unique<State>(options, observer)) {}
TradingFloor::~TradingFloor() = default;
const TradingFloor::Options& TradingFloor::options() const { return state_->options(); }

model::InstrumentId TradingFloor::AddInstrument(model::AssetClass asset_class) {
  Tell<InstrumentAdded>(asset_class);
  return state_->AddInstrument(asset_class);
}
base::WallTime TradingFloor::now() const { return state_->now(); }
const QuoteBoard& TradingFloor::quotes() const { return state_->quotes(); }
bool TradingFloor::OnQuote(base::WallTime time, const model::QuoteUpdate& update) {
  Tell<QuoteTold>(time, update);
  return state_->OnQuote(time, update);
}
bool TradingFloor::OnTrade(base::WallTime time, const model::TradeTick& trade) {
  Tell<TradeTold>(time, trade);
  return state_->OnTrade(time, trade);
}
void TradingFloor::OnVolume(base::WallTime time, model::InstrumentId instrument,
                            base::Quantity volume) {
  Tell<VolumeTold>(time, instrument, volume);
  state_->OnVolume(time, instrument, volume);
}
void TradingFloor::OnBook(base::WallTime time, const model::BookUpdate& update) {
  Tell<BookTold>(time, update);
  state_->OnBook(time, update);
}
void TradingFloor::OnBarOpen(base::WallTime time, model::InstrumentId instrument,
                             base::Price open) {
  Tell<BarOpened>(time, instrument, open);
  state_->OnBarOpen(time, instrument, open);
}
void TradingFloor::OnBarRest(base::WallTime time, model::InstrumentId instrument,
                             const model::Bar& bar) {
  Tell<BarEnded>(time, instrument, bar);
  state_->OnBarRest(time, instrument, bar);
}
void TradingFloor::OnSession(base::WallTime time, SessionEvent event) {
  Tell<SessionTold>(time, event);
  state_->OnSession(time, event);
}
void TradingFloor::RestoreQuote(model::InstrumentId instrument, const model::Quote& quote) {
  Tell<QuoteRestored>(instrument, quote);
  state_->RestoreQuote(instrument, quote);
}
void TradingFloor::RestoreTraded(model::InstrumentId instrument, bool traded) {
  Tell<TradedRestored>(instrument, traded);
  state_->RestoreTraded(instrument, traded);
}

model::AccountId TradingFloor::OpenAccount(base::WallTime time, const AccountSettings& settings) {
  Tell<AccountOpened>(time, settings);
  return state_->OpenAccount(time, settings);
}
size_t TradingFloor::account_count() const { return state_->account_count(); }
const Account& TradingFloor::account(model::AccountId id) const { return state_->account(id); }
void TradingFloor::ChangeSettings(model::AccountId id, const AccountSettings& settings) {
  Tell<SettingsChanged>(id, settings);
  state_->ChangeSettings(id, settings);
}
void TradingFloor::SetState(base::WallTime time, model::AccountId id, AccountState state) {
  Tell<StateSet>(time, id, state);
  state_->SetState(time, id, state);
}
void TradingFloor::Reset(base::WallTime time, model::AccountId id) {
  Tell<AccountReset>(time, id);
  state_->Reset(time, id);
}
void TradingFloor::TakeChanged(base::WallTime time, std::vector<model::AccountId>& changed) {
  Tell<WindowEnded>(time);
  state_->TakeChanged(time, changed);
}

void TradingFloor::OnDailyCloses(model::InstrumentId instrument,
                                 std::span<const DailyClose> closes) {
  if (listener_ != nullptr) {
    listener_->OnInput(DailyClosesTold{instrument, {closes.begin(), closes.end()}});
  }
  state_->OnDailyCloses(instrument, closes);
}
bool TradingFloor::KnowsDailyCloses(model::InstrumentId instrument) const {
  return state_->risk().closes().Knows(instrument);
}
void TradingFloor::SetRiskRules(base::WallTime time, const RiskRules& rules) {
  Tell<RiskRulesSet>(time, rules);
  state_->SetRiskRules(time, rules);
}
const RiskRules& TradingFloor::risk_rules() const { return std::as_const(*state_).risk().rules(); }
void TradingFloor::WatchRisk() {
  Tell<RiskWatched>();
  state_->WatchRisk();
}
RiskReport TradingFloor::Risk(model::AccountId id) {
  Tell<RiskAsked>(id);
  return state_->Risk(id);
}
const RiskState& TradingFloor::risk_state(model::AccountId id) const {
  return std::as_const(*state_).risk().state(id);
}
void TradingFloor::RestoreRisk(model::AccountId id, const RiskState& state) {
  Tell<RiskRestored>(id, state);
  state_->risk().Restore(id, state);
}

std::expected<model::OrderId, Refusal> TradingFloor::Place(base::WallTime time,
                                                           model::AccountId account,
                                                           const OrderRequest& request) {
  Tell<OrderPlaced>(time, account, request);
  return state_->Place(time, account, request);
}
std::expected<model::OrderId, Refusal> TradingFloor::Replace(base::WallTime time,
                                                             model::AccountId account,
                                                             model::OrderId order,
                                                             const OrderChange& change) {
  Tell<OrderReplaced>(time, account, order, change);
  return state_->Replace(time, account, order, change);
}
std::expected<void, Refusal> TradingFloor::Cancel(base::WallTime time, model::AccountId account,
                                                  model::OrderId order) {
  Tell<OrderCanceled>(time, account, order);
  return state_->Cancel(time, account, order);
}
const model::Order* TradingFloor::FindOpen(model::AccountId account, model::OrderId order) const {
  const OpenOrder* const o = state_->FindOpen(account, order);
  return o != nullptr ? &o->order : nullptr;
}
model::OrderId TradingFloor::FindByClientId(model::AccountId account,
                                            const model::ClientOrderId& name) const {
  return state_->FindByClientId(account, name);
}
std::vector<const model::Order*> TradingFloor::OpenOrders(model::AccountId account) const {
  return state_->OpenOrdersOf(account);
}

void TradingFloor::ReturnTo(base::WallTime time) {
  Tell<TimeReturned>(time);
  state_->ReturnTo(time);
}
void TradingFloor::ResumeDay(base::WallTime began) {
  Tell<DayResumed>(began);
  state_->ResumeDay(began);
}
void TradingFloor::RestoreAccount(AccountSnapshot snapshot, base::WallTime time) {
  Tell<AccountRestored>(snapshot, time);
  state_->RestoreAccount(std::move(snapshot), time);
}
void TradingFloor::Replay(const OrderEvent& event) {
  Tell<EventReplayed>(event);
  state_->Replay(event);
}
void TradingFloor::RestoreClientId(model::AccountId account, const model::ClientOrderId& name,
                                   model::OrderId order) {
  Tell<NameRestored>(account, name, order);
  state_->RestoreClientId(account, name, order);
}
void TradingFloor::RestoreIds(model::OrderId next_order, uint64_t next_fill) {
  Tell<IdsRestored>(next_order, next_fill);
  state_->RestoreIds(next_order, next_fill);
}
model::OrderId TradingFloor::next_order() const { return state_->next_order(); }
uint64_t TradingFloor::next_fill() const { return state_->next_fill(); }

}  // namespace livetape::floor
