#include "jobs/backtest/backtest_run.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace livetape::jobs {
namespace {

// Memory for the curve of so many points is taken at once.
constexpr size_t kPointsExpectedMax = 20'000'000;

size_t ExpectedPoints(std::span<const BacktestSymbol> symbols) {
  uint64_t most = 0;
  for (const BacktestSymbol& symbol : symbols) {
    most = std::max(most, symbol.bars->count().value_or(0));
  }
  return std::min(most, uint64_t{kPointsExpectedMax});
}

// Bars of a day begin at its 00:00 UTC, whoever's day it is.
market::Hours HoursOfBars(const BacktestSpec& spec) {
  return spec.daily_bars ? market::Hours::kAlways : spec.hours;
}

floor::AccountSettings SettingsOf(const BacktestSpec& spec, base::Amount cash) {
  floor::AccountSettings settings;
  settings.cash = cash;
  settings.fees = spec.fees;
  settings.slippage_bps = spec.slippage_bps;
  settings.multiplier = 1;
  settings.crypto_short = true;
  return settings;
}

}  // namespace

BacktestRun::BacktestRun(const BacktestSpec& spec, const StrategyPlan& plan,
                         std::span<const BacktestSymbol> symbols, const BacktestControl& control)
    : spec_(spec),
      plan_(plan),
      symbols_(symbols),
      control_(control),
      pace_(control.clock, control.interval, control.stop),
      timeline_(spec.range, plan.forbidden, HoursOfBars(spec)),
      log_(symbols.size()),
      floor_({.exchange_hours = false}, log_),
      equity_(spec.cash),
      equity_log_(spec.cash, spec.keeps_curve, ExpectedPoints(symbols)),
      days_(spec.hours),
      benchmarks_(symbols.size()) {
  for (const BacktestSymbol& symbol : symbols_) {
    floor_.AddInstrument(symbol.asset_class);
    timeline_.Add(symbol.name, *symbol.bars);
  }
}

// One for all symbols, or one for each with its share of the cash; the first gets what the division
// leaves.
void BacktestRun::OpenDesks() {
  const auto count = plan_.portfolio ? 1 : static_cast<int64_t>(symbols_.size());
  const base::Int128 share = spec_.cash.units() / count;
  base::Int128 cash = spec_.cash.units() - share * (count - 1);
  for (int64_t i = 0; i < count; ++i) {
    const auto settings = SettingsOf(spec_, base::Amount::FromUnits(cash));
    const model::AccountId account = floor_.OpenAccount(timeline_.moment(), settings);
    desks_.push_back(std::make_unique<Desk>(
        floor_, log_, account, plan_.make(plan_.portfolio ? symbols_.size() : size_t{1}),
        spec_.fractional));
    worth_.push_back(settings.cash);
    cash = share;
  }
}

base::Result<BacktestResult> BacktestRun::Run() {
  if (!floor::WithinLimits(SettingsOf(spec_, spec_.cash)) || spec_.cash.units() <= 0) {
    return base::Fail("cash must be positive and at most 10^15; fees and slippage not negative");
  }
  if (base::Result<void> started = timeline_.Start(); !started) {
    return std::unexpected(std::move(started.error()));
  }
  first_ = timeline_.moment();
  OpenDesks();
  bool stopped = false;
  do {
    stopped = pace_.stopped();
    if (stopped || !Step()) break;
    if (pace_.Due()) [[unlikely]]
      Report();
  } while (timeline_.Advance());
  if (const base::Error* const fault = timeline_.Fault()) return std::unexpected(*fault);
  if (moments_ > 0) equity_log_.EndDay();
  if (!stopped) {
    Report();
    // Who is ruined has not seen all of the bars that the result tells of.
    timeline_.ReadToEnd();
    if (const base::Error* const fault = timeline_.Fault()) return std::unexpected(*fault);
  }
  return Result(stopped);
}

bool BacktestRun::Step() {
  const base::WallTime time = timeline_.moment();
  const std::span<const SymbolBar> bars = timeline_.bars();
  // For orders that rest, if any do, a day ends.
  const bool rolled = days_.Enter(time);
  if (spec_.daily_bars ? moments_ > 0 : rolled) equity_log_.EndDay();
  if (rolled && OrdersMayRest()) {
    floor_.OnSession(days_.rolled_at(), floor::SessionEvent::kDayRoll);
  }
  const uint64_t fills_before = log_.fill_count();
  if (SomethingHappensAtOpen()) Open(time, bars);
  for (const SymbolBar& b : bars) floor_.OnBarRest(time, b.symbol, *b.bar);
  if (spec_.close_at_end == CloseAtEnd::kClose) CloseLastBars(time);
  Mark(time);
  ++moments_;
  bars_ += bars.size();
  if (Exposed(fills_before)) ++exposed_;
  for (const SymbolBar& b : bars) Compare(b);
  if (ended_ == desks_.size() || equity_.units() <= 0) [[unlikely]]
    return false;
  if (plan_.portfolio) {
    desks_.front()->See(bars);
  } else {
    for (const SymbolBar& b : bars) {
      if (Desk& desk = DeskOf(b.symbol); !desk.ended()) desk.See({&b, 1});
    }
  }
  return true;
}

bool BacktestRun::OrdersMayRest() const {
  return std::ranges::any_of(desks_, [](const auto& desk) { return desk->orders_may_rest(); });
}

// Where nothing does, OnBarRest passes the open, too.
bool BacktestRun::SomethingHappensAtOpen() const {
  for (const auto& desk : desks_) {
    if (desk->waits() || desk->orders_may_rest()) return true;
  }
  if (spec_.close_at_end != CloseAtEnd::kOpen) return false;
  return std::ranges::any_of(timeline_.bars(),
                             [this](const SymbolBar& b) { return timeline_.Last(b.symbol); });
}

void BacktestRun::Open(base::WallTime time, std::span<const SymbolBar> bars) {
  const bool closes = spec_.close_at_end == CloseAtEnd::kOpen;
  // Before orders that rest can match.
  if (closes) GiveUpLastBars(time);
  for (const SymbolBar& b : bars) floor_.OnBarOpen(time, b.symbol, b.bar->open);
  if (closes) CloseLastBars(time);
  if (plan_.portfolio) {
    if (!desks_.front()->ended()) desks_.front()->Act(time, bars);
    return;
  }
  for (const SymbolBar& b : bars) {
    if (Desk& desk = DeskOf(b.symbol); !desk.ended()) desk.Act(time, {&b, 1});
  }
}

void BacktestRun::GiveUpLastBars(base::WallTime time) {
  for (const SymbolBar& b : timeline_.bars()) {
    if (!timeline_.Last(b.symbol)) continue;
    if (Desk& desk = DeskOf(b.symbol); !desk.ended()) desk.GiveUp(time, b.symbol);
  }
}

void BacktestRun::CloseLastBars(base::WallTime time) {
  for (const SymbolBar& b : timeline_.bars()) {
    if (!timeline_.Last(b.symbol)) continue;
    if (Desk& desk = DeskOf(b.symbol); !desk.ended()) desk.Leave(time, b.symbol);
  }
}

void BacktestRun::Mark(base::WallTime time) {
  floor_.TakeChanged(time, changed_);
  base::Int128 equity = equity_.units();
  for (const model::AccountId id : changed_) {
    const Desk& desk = *desks_[id.value()];
    if (desk.ended()) continue;
    const base::Int128 worth = desk.account().equity().units();
    equity += worth - worth_[id.value()].units();
    worth_[id.value()] = base::Amount::FromUnits(worth);
  }
  equity_ = base::Amount::FromUnits(equity);
  if (ended_ < log_.ruined().size()) [[unlikely]]
    EndRuined();
  equity_log_.Add(time, base::Amount::FromUnits(equity));
}

// It ends with what it is worth at this close.
void BacktestRun::EndRuined() {
  for (; ended_ < log_.ruined().size(); ++ended_) desks_[log_.ruined()[ended_].value()]->End();
}

bool BacktestRun::Exposed(uint64_t fills_before) const {
  if (log_.fill_count() != fills_before) return true;
  return std::ranges::any_of(desks_, [](const auto& desk) {
    return !desk->ended() && !desk->account().positions().empty();
  });
}

void BacktestRun::Compare(const SymbolBar& b) {
  Benchmark& benchmark = benchmarks_[b.symbol.value()];
  if (++benchmark.bars == plan_.warm_up) benchmark.first = b.bar->close;
  benchmark.last = b.bar->close;
}

void BacktestRun::Report() {
  if (control_.sink == nullptr) return;
  std::optional<uint64_t> total = 0;
  for (const BacktestSymbol& symbol : symbols_) {
    const std::optional<uint64_t> count = symbol.bars->count();
    total = total && count ? std::optional(*total + *count) : std::nullopt;
  }
  control_.sink->OnProgress({.done = bars_,
                             .total = total,
                             .time = timeline_.moment(),
                             .equity = equity_,
                             .trades = log_.outcomes().size(),
                             .curve = equity_log_.curve()});
}

std::optional<double> BacktestRun::BuyAndHold() const {
  double sum = 0;
  for (const Benchmark& benchmark : benchmarks_) {
    if (benchmark.first.zero()) return std::nullopt;
    sum += benchmark.last.Approximate() / benchmark.first.Approximate() - 1;
  }
  return sum / static_cast<double>(benchmarks_.size());
}

BacktestFigures BacktestRun::Figures(int days_per_year) const {
  const ReturnFigures returns =
      DescribeReturns(equity_log_.DayEnds(), days_per_year, spec_.risk_free_rate);
  const TradeFigures trades = DescribeTrades(log_.outcomes());
  BacktestFigures figures;
  figures.final_equity = equity_;
  figures.total_return = equity_.Approximate() / spec_.cash.Approximate() - 1;
  figures.annual_return = returns.annual_return;
  figures.volatility = returns.volatility;
  figures.sharpe_ratio = returns.sharpe_ratio;
  figures.sortino_ratio = returns.sortino_ratio;
  figures.max_drawdown = equity_log_.max_drawdown();
  figures.calmar_ratio = CalmarRatio(returns.annual_return, figures.max_drawdown);
  figures.trades = log_.outcomes().size();
  figures.win_rate = trades.win_rate;
  figures.profit_factor = trades.profit_factor;
  figures.sqn = trades.sqn;
  figures.exposure =
      moments_ > 0 ? static_cast<double>(exposed_) / static_cast<double>(moments_) : 0;
  figures.fees = log_.fees();
  figures.buy_and_hold_return = BuyAndHold();
  return figures;
}

BacktestResult BacktestRun::Result(bool stopped) {
  BacktestResult result;
  result.stopped = stopped;
  result.ruined = ended_ > 0;
  bool weekends = false;
  BarHash hash;
  for (const auto& feed : timeline_.feeds()) {
    weekends = weekends || feed->weekends();
    hash.Add(feed->hash().value());
  }
  result.data_hash = hash.value();
  result.days_per_year = weekends ? kCalendarDays : kTradingDays;
  result.figures = Figures(result.days_per_year);
  result.months = equity_log_.Months();
  result.first = first_;
  result.last = equity_log_.newest();
  result.bars = bars_;
  result.fill_count = log_.fill_count();
  result.refused = log_.refused();
  result.curve = equity_log_.TakeCurve();
  result.trades = log_.TakeTrades();
  result.fills = log_.TakeFills();
  return result;
}

base::Result<BacktestResult> RunBacktest(const BacktestSpec& spec, const StrategyPlan& plan,
                                         std::span<const BacktestSymbol> symbols,
                                         const BacktestControl& control) {
  LT_ASSERT(!symbols.empty());
  return BacktestRun(spec, plan, symbols, control).Run();
}

}  // namespace livetape::jobs
