#include "floor/recording/input_player.h"

#include <fmt/format.h>

#include <type_traits>

namespace livetape::floor {
namespace {

template <typename Input>
constexpr bool kRestores =
    std::is_same_v<Input, AccountRestored> || std::is_same_v<Input, EventReplayed> ||
    std::is_same_v<Input, NameRestored> || std::is_same_v<Input, IdsRestored> ||
    std::is_same_v<Input, RiskRestored> || std::is_same_v<Input, TimeReturned> ||
    std::is_same_v<Input, TradedRestored>;
// A floor that does not watch risk cannot be told.
template <typename Input>
constexpr bool kOfRisk =
    std::is_same_v<Input, DailyClosesTold> || std::is_same_v<Input, RiskRulesSet> ||
    std::is_same_v<Input, RiskWatched> || std::is_same_v<Input, RiskAsked> ||
    std::is_same_v<Input, RiskRestored>;

}  // namespace

// One call of the floor for each kind.
struct PlayVisitor {
  InputPlayer& player;
  TradingFloor& floor = player.floor_;
  base::Result<void> result;

  void operator()(const InstrumentAdded& in) {
    floor.AddInstrument(in.asset_class);
    player.classes_.push_back(in.asset_class);
  }
  void operator()(const QuoteTold& in) { floor.OnQuote(in.time, in.update); }
  void operator()(const TradeTold& in) { floor.OnTrade(in.time, in.trade); }
  void operator()(const VolumeTold& in) { floor.OnVolume(in.time, in.instrument, in.volume); }
  void operator()(const BookTold& in) { floor.OnBook(in.time, in.update); }
  void operator()(const BarOpened& in) { floor.OnBarOpen(in.time, in.instrument, in.open); }
  void operator()(const BarEnded& in) { floor.OnBarRest(in.time, in.instrument, in.bar); }
  void operator()(const SessionTold& in) { floor.OnSession(in.time, in.event); }
  void operator()(const QuoteRestored& in) { floor.RestoreQuote(in.instrument, in.quote); }
  void operator()(const AccountOpened& in) { floor.OpenAccount(in.time, in.settings); }
  void operator()(const SettingsChanged& in) { floor.ChangeSettings(in.account, in.settings); }
  void operator()(const StateSet& in) { floor.SetState(in.time, in.account, in.state); }
  void operator()(const AccountReset& in) { floor.Reset(in.time, in.account); }
  void operator()(const WindowEnded& in) { floor.TakeChanged(in.time, player.changed_); }
  // Refusals are told as events; the answers went to who asked.
  void operator()(const OrderPlaced& in) { (void)floor.Place(in.time, in.account, in.request); }
  void operator()(const OrderReplaced& in) {
    (void)floor.Replace(in.time, in.account, in.order, in.change);
  }
  void operator()(const OrderCanceled& in) { (void)floor.Cancel(in.time, in.account, in.order); }
  void operator()(const AccountRestored& in) { result = player.Restore(in); }
  void operator()(const DayResumed& in) { floor.ResumeDay(in.began); }
  void operator()(const EventReplayed& in) { result = player.Replay(in.event); }
  void operator()(const NameRestored& in) { floor.RestoreClientId(in.account, in.name, in.order); }
  void operator()(const IdsRestored& in) { floor.RestoreIds(in.next_order, in.next_fill); }
  void operator()(const DailyClosesTold& in) { floor.OnDailyCloses(in.instrument, in.closes); }
  void operator()(const RiskRulesSet& in) { floor.SetRiskRules(in.time, in.rules); }
  void operator()(const RiskWatched&) { floor.WatchRisk(); }
  void operator()(const RiskAsked& in) { floor.Risk(in.account); }
  void operator()(const RiskRestored& in) { floor.RestoreRisk(in.account, in.state); }
  void operator()(const TimeReturned& in) { floor.ReturnTo(in.time); }
  void operator()(const TradedRestored& in) { floor.RestoreTraded(in.instrument, in.traded); }
  void operator()(const InstrumentNamed& in) {
    player.instruments_.push_back({in.symbol, player.classes_[player.instruments_.size()]});
  }
  void operator()(const AccountNamed& in) { player.accounts_.push_back(in.name); }
  void operator()(const RestoringEnded&) {
    player.live_ = true;
    player.open_.clear();
  }
  void operator()(const RecordingEnded&) {}
};

base::Result<void> InputPlayer::Play(const FloorInput& input) {
  const bool restores =
      std::visit([](const auto& in) { return kRestores<std::decay_t<decltype(in)>>; }, input);
  if (restores && live_) {
    return base::Fail("the recording restores something after the trading has begun");
  }
  const bool of_risk =
      std::visit([](const auto& in) { return kOfRisk<std::decay_t<decltype(in)>>; }, input);
  if (of_risk && !floor_.options().watch_risk) {
    return base::Fail("the recording speaks of risk, which its floor did not watch");
  }
  PlayVisitor visitor{.player = *this, .result = {}};
  std::visit(visitor, input);
  return visitor.result;
}

base::Result<void> InputPlayer::Restore(const AccountRestored& in) {
  const model::AccountId id(static_cast<uint32_t>(floor_.account_count()));
  for (const model::Order& order : in.snapshot.orders) {
    if (open_.emplace(order.id, id).second) continue;
    return base::Fail(fmt::format("the recording has order {} twice", order.id.value()));
  }
  floor_.RestoreAccount(in.snapshot, in.time);
  return {};
}

base::Result<void> InputPlayer::Replay(const OrderEvent& event) {
  const model::Order& order = event.order;
  const auto open = open_.find(order.id);
  const model::Order* const known =
      open == open_.end() ? nullptr : floor_.FindOpen(open->second, order.id);
  const bool same = known == nullptr ||
                    (known->account == order.account && known->instrument == order.instrument);
  const bool fills = IsFill(event.kind);
  const bool takes =
      !fills || (known != nullptr &&
                 floor_.account(order.account)
                     .CanTake(order.instrument, order.side, event.fill.quantity, event.fill.price));
  if (!same || !takes) {
    return base::Fail(
        fmt::format("the recording has an event of order {} that cannot be", order.id.value()));
  }
  floor_.Replay(event);
  if (Closed(order.status)) {
    open_.erase(order.id);
  } else {
    open_.insert_or_assign(order.id, order.account);
  }
  return {};
}

}  // namespace livetape::floor
