// Limits of risk: when they are looked at, and what is done when one is broken (docs/risk.md).
//
// Accounts that may have changed are looked at where the floor's time passes the next tenth of a
// second, before what comes then; and each after its fills. Where the clock has been set back, which the
// floor's time does not follow, the ends of windows tell the tenths. Nothing is looked at while the
// floor is restored.

#include <algorithm>

#include "base/assert.h"
#include "floor/floor_state.h"

namespace livetape::floor {
namespace {

constexpr std::chrono::milliseconds kPeriod{100};
// Further behind a clock has been set back; times of feeds may differ by less.
constexpr std::chrono::seconds kBehind{1};

}  // namespace

RiskBook& TradingFloor::State::risk() {
  LT_ASSERT(risk_ != nullptr);
  return *risk_;
}
const RiskBook& TradingFloor::State::risk() const {
  LT_ASSERT(risk_ != nullptr);
  return *risk_;
}

void TradingFloor::State::OnDailyCloses(model::InstrumentId instrument,
                                        std::span<const DailyClose> closes) {
  risk().closes().Replace(instrument, closes);
  for (const model::AccountId holder : MarketOf(instrument).holders) NoteRisk(TraderOf(holder));
}

void TradingFloor::State::SetRiskRules(base::WallTime time, const RiskRules& rules) {
  Advance(time);
  const RiskRules before = risk().rules();
  risk().SetRules(rules);
  if (!watching()) return;
  Settle();
  for (const auto& trader : traders_) {
    trader->account.Sample(quotes_);
    JudgeRisk(*trader);
    ActAnew(*trader, before);
    Touch(*trader);
  }
  Settle();
}

// Who gives a limit that is broken another action wants that now, not when it breaks the next time.
void TradingFloor::State::ActAnew(Trader& trader, const RiskRules& before) {
  for (size_t i = 0; i < kRiskMetrics; ++i) {
    const auto metric = static_cast<RiskMetric>(i);
    const RiskAction action = risk().rules().of(metric).action;
    const bool broken = risk().state(trader.id).Broken(metric);
    if (broken && action != before.of(metric).action) Act(trader, action);
  }
}

void TradingFloor::State::Act(Trader& trader, RiskAction action) {
  if (action == RiskAction::kAlert) return;
  const AccountState wanted =
      action == RiskAction::kHalt ? AccountState::kHalted : AccountState::kReducing;
  // A halted account is reduced already.
  if (static_cast<int>(trader.account.state()) >= static_cast<int>(wanted)) return;
  trader.account.set_state(wanted);
  if (wanted == AccountState::kHalted) CancelAll(trader, RefusalReason::kAccountHalted);
  observer_.OnRiskAction(trader.id, now_);
}

void TradingFloor::State::WatchRisk() {
  LT_ASSERT(risk_ != nullptr);
  risk_next_ = base::WallTime::min();
  for (const auto& trader : traders_) NoteRisk(*trader);
}

RiskReport TradingFloor::State::Risk(model::AccountId id) {
  Trader& trader = TraderOf(id);
  trader.account.Sample(quotes_);
  return risk().Report(id, trader.account, quotes_);
}

void TradingFloor::State::JudgeChanged(base::WallTime time) {
  const auto tenth =
      base::WallTime((time.time_since_epoch() / kPeriod) * std::chrono::nanoseconds(kPeriod));
  now_ = std::max(now_, tenth);
  risk_next_ = tenth + kPeriod;
  Settle();
  if (!risk_->on()) {
    for (const model::AccountId id : risk_due_) TraderOf(id).risk_due = false;
    risk_due_.clear();
    return;
  }
  for (const model::InstrumentId instrument : changed_) {
    for (const model::AccountId holder : MarketOf(instrument).holders) NoteRisk(TraderOf(holder));
  }
  NoteTouchedRisk();
  std::vector<model::AccountId> due;
  due.swap(risk_due_);
  std::sort(due.begin(), due.end());
  for (const model::AccountId id : due) {
    Trader& trader = TraderOf(id);
    trader.risk_due = false;
    trader.account.Sample(quotes_);
    JudgeRisk(trader);
  }
  Settle();
}

bool TradingFloor::State::JudgesBehind(base::WallTime time) const {
  return watching() && time <= now_ && (time >= risk_next_ || time + kBehind < risk_next_);
}

void TradingFloor::State::JudgeRisk(Trader& trader) {
  std::vector<RiskAlert> alerts;
  alerts.swap(alerts_);
  alerts.clear();
  risk_->Judge(trader.id, trader.account, quotes_, now_, alerts);
  for (const RiskAlert& alert : alerts) {
    observer_.OnRiskAlert(alert);
    Touch(trader);
    if (alert.broken) Act(trader, alert.rule.action);
  }
  alerts_.swap(alerts);
}

// The marks of those that have traded are the closes of the day that ends.
void TradingFloor::State::EndRiskDay(base::WallTime roll) {
  if (!risk_) return;
  const int32_t day = DayOf(roll - std::chrono::nanoseconds(1));
  for (const Market& market : markets_) {
    const model::Quote* const quote = quotes_.Find(market.id);
    if (quote == nullptr || !quote->price.positive() || DayOf(quote->price_time) != day) continue;
    risk_->closes().Add(market.id, {.day = day, .close = quote->price});
  }
}

}  // namespace livetape::floor
