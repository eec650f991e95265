#include "floor/risk/risk_book.h"

#include <algorithm>

#include "base/assert.h"
#include "floor/money.h"

namespace livetape::floor {
namespace {

// The draws are the same in every process: a restart changes no figure.
constexpr uint64_t kMonteCarloSeed = 1;

base::Amount Worth(const Position& position, const model::Quote* quote) {
  return quote != nullptr ? quote->price * position.quantity : position.cost;
}

}  // namespace

void RiskBook::SetRules(const RiskRules& rules) {
  if (monte_carlo_ && rules.var_confidence != rules_.var_confidence) monte_carlo_.reset();
  rules_ = rules;
  on_ = std::any_of(rules.rules.begin(), rules.rules.end(),
                    [](const RiskRule& rule) { return rule.limit.positive(); });
  for (Portfolio& portfolio : portfolios_) {
    for (size_t i = 0; i < kRiskMetrics; ++i) {
      if (rules.rules[i].limit.zero()) {
        portfolio.state.SetBroken(static_cast<RiskMetric>(i), false);
      }
    }
  }
}

RiskBook::Portfolio& RiskBook::Of(model::AccountId id) {
  if (portfolios_.size() <= id.value()) portfolios_.resize(id.value() + 1);
  return portfolios_[id.value()];
}

const RiskState& RiskBook::state(model::AccountId id) const {
  static const RiskState kNone;
  return id.value() < portfolios_.size() ? portfolios_[id.value()].state : kNone;
}

void RiskBook::Reset(model::AccountId id) {
  RiskState& state = Of(id).state;
  state = {.broken = state.broken, .exceedances = 0, .roll_var = std::nullopt};
}

std::string_view RiskBook::ReturnsOf(model::AccountId id, const Account& account,
                                     const QuoteBoard& quotes) {
  covered_ = 1;
  returns_.clear();
  if (account.positions().empty()) {
    // Cash neither wins nor loses.
    returns_.assign(kReturnsMin, 0.0);
    return {};
  }
  found_.clear();
  weights_.clear();
  double gross = 0, covered = 0;
  for (const auto& [instrument, position] : account.positions()) {
    const double worth = Worth(position, quotes.Find(instrument)).Approximate();
    gross += std::abs(worth);
    if (!closes_.Covers(instrument)) continue;
    covered += std::abs(worth);
    found_.push_back(instrument);
    weights_.push_back(worth);
  }
  covered_ = gross > 0 ? covered / gross : 1;
  if (account.equity() <= base::Amount()) return "equity is not positive";
  if (found_.empty()) return "no position has 21 daily closes";
  Portfolio& portfolio = Of(id);
  if (portfolio.generation != closes_.generation() || portfolio.covered != found_) {
    portfolio.covered = found_;
    portfolio.generation = closes_.generation();
    portfolio.returns = closes_.CommonReturns(found_);
  }
  const size_t days = portfolio.returns[0].size();
  if (days < kReturnsMin) return "the positions have fewer than 21 daily closes in common";
  returns_.assign(days, 0.0);
  const double equity = account.equity().Approximate();
  for (size_t i = 0; i < found_.size(); ++i) {
    const double weight = weights_[i] / equity;
    const std::vector<double>& own = portfolio.returns[i];
    for (size_t day = 0; day < days; ++day) returns_[day] += weight * own[day];
  }
  return {};
}

TailRisk RiskBook::TailOf(VarMethod method, std::span<const double> returns) {
  const double confidence = rules_.var_confidence.Approximate();
  if (method == VarMethod::kHistorical) {
    sorted_.assign(returns.begin(), returns.end());
    return HistoricalRisk(sorted_, confidence);
  }
  const Moments moments = MomentsOf(returns);
  if (method == VarMethod::kParametric) return ParametricRisk(moments, confidence);
  if (!monte_carlo_) monte_carlo_.emplace(confidence, kMonteCarloSeed);
  return monte_carlo_->Of(moments);
}

std::optional<TailRisk> RiskBook::TailOf(model::AccountId id, const Account& account,
                                         const QuoteBoard& quotes, VarMethod method) {
  if (!ReturnsOf(id, account, quotes).empty()) return std::nullopt;
  return TailOf(method, returns_);
}

RiskBook::Exposure RiskBook::ExposureOf(const Account& account, const QuoteBoard& quotes) {
  Exposure exposure{.equity = account.equity(),
                    .long_value = {},
                    .short_value = {},
                    .gross = {},
                    .net = {},
                    .largest = {},
                    .largest_position = std::nullopt};
  for (const auto& [instrument, position] : account.positions()) {
    const base::Amount worth = Worth(position, quotes.Find(instrument));
    base::Amount& side = position.quantity.positive() ? exposure.long_value : exposure.short_value;
    side = Plus(side, worth);
    const base::Amount size = Magnitude(worth);
    if (exposure.largest_position && size <= exposure.largest) continue;
    exposure.largest = size;
    exposure.largest_position = instrument;
  }
  exposure.gross = Minus(exposure.long_value, exposure.short_value);
  exposure.net = Plus(exposure.long_value, exposure.short_value);
  return exposure;
}

// In money, exactly: part / whole > limit is part > limit x whole.
RiskBook::Measure RiskBook::ShareOf(base::Amount part, base::Amount whole,
                                    RiskMetric metric) const {
  const base::Decimal limit = rules_.of(metric).limit;
  Measure measure;
  if (part <= base::Amount()) {
    measure.value = 0;
    measure.recovered = true;
  } else if (whole <= base::Amount()) {
    // Of nothing, anything is too much.
    measure.beyond = limit.positive();
  } else {
    const base::Amount most = TimesRate(whole, limit);
    measure.value = part.Approximate() / whole.Approximate();
    measure.beyond = part > most;
    measure.recovered = part <= TimesRate(most, rules_.hysteresis);
  }
  return measure;
}

RiskBook::Measure RiskBook::MeasureOf(RiskMetric metric, model::AccountId id,
                                      const Account& account, const QuoteBoard& quotes,
                                      const Exposure& exposure) {
  switch (metric) {
    case RiskMetric::kVar: {
      const auto tail = TailOf(id, account, quotes, rules_.var_method);
      if (!tail) return {.known = false, .beyond = false, .recovered = false, .value = {}};
      const double limit = rules_.of(metric).limit.Approximate();
      return {.known = true,
              .beyond = tail->var > limit,
              .recovered = tail->var <= rules_.hysteresis.Approximate() * limit,
              .value = tail->var};
    }
    case RiskMetric::kDrawdown:
      return ShareOf(Minus(account.peak(), account.equity()), account.peak(), metric);
    case RiskMetric::kDayDrawdown:
      return ShareOf(Minus(account.day_start(), account.equity()), account.day_start(), metric);
    case RiskMetric::kGross:
      return ShareOf(exposure.gross, exposure.equity, metric);
    case RiskMetric::kNet:
      return ShareOf(Magnitude(exposure.net), exposure.equity, metric);
    case RiskMetric::kConcentration:
      break;
  }
  return ShareOf(exposure.largest, exposure.equity, metric);
}

void RiskBook::Judge(model::AccountId id, const Account& account, const QuoteBoard& quotes,
                     base::WallTime time, std::vector<RiskAlert>& alerts) {
  if (!on_) return;
  // Right after a restart a position may have no price yet; what it is worth cannot be said.
  const auto no_price = [&](const auto& held) { return quotes.Find(held.first) == nullptr; };
  if (std::ranges::any_of(account.positions(), no_price)) return;
  const Exposure exposure = ExposureOf(account, quotes);
  RiskState& state = Of(id).state;
  for (size_t i = 0; i < kRiskMetrics; ++i) {
    const auto metric = static_cast<RiskMetric>(i);
    const RiskRule& rule = rules_.of(metric);
    if (!rule.limit.positive()) continue;
    const Measure measure = MeasureOf(metric, id, account, quotes, exposure);
    const bool was = state.Broken(metric);
    if (!measure.known || (was ? !measure.recovered : !measure.beyond)) continue;
    state.SetBroken(metric, !was);
    alerts.push_back({.account = id,
                      .time = time,
                      .metric = metric,
                      .broken = !was,
                      .value = measure.value,
                      .rule = rule,
                      .state = state});
  }
}

void RiskBook::EndDay(model::AccountId id, const Account& account, const QuoteBoard& quotes) {
  RiskState& state = Of(id).state;
  if (state.roll_var) {
    const double pnl = account.day_pnl().Approximate();
    const double equity = account.equity().Approximate();
    const bool lost = equity > 0 ? pnl / equity < -*state.roll_var : pnl < 0;
    if (lost) ++state.exceedances;
  }
  const auto tail = TailOf(id, account, quotes, rules_.var_method);
  Of(id).state.roll_var = tail ? std::optional(tail->var) : std::nullopt;
}

RiskReport RiskBook::Report(model::AccountId id, const Account& account, const QuoteBoard& quotes) {
  const Exposure exposure = ExposureOf(account, quotes);
  RiskReport report;
  report.equity = exposure.equity;
  report.long_value = exposure.long_value;
  report.short_value = exposure.short_value;
  report.gross = exposure.gross;
  report.net = exposure.net;
  report.largest = exposure.largest;
  report.largest_position = exposure.largest_position;
  report.drawdown = 0 - account.drawdown();
  report.max_drawdown = 0 - account.max_drawdown();
  report.day_drawdown = 0 - account.day_drawdown();
  report.peak = account.peak();
  report.day_start = account.day_start();
  report.reason = ReturnsOf(id, account, quotes);
  report.covered = covered_;
  if (report.reason.empty()) {
    report.days = account.positions().empty() ? 0 : returns_.size();
    for (size_t i = 0; i < kVarMethods; ++i) {
      report.tail_risk[i] = TailOf(static_cast<VarMethod>(i), returns_);
    }
  }
  const RiskState& state = Of(id).state;
  for (size_t i = 0; i < kRiskMetrics; ++i) {
    const auto metric = static_cast<RiskMetric>(i);
    report.limits[i] = {.value = MeasureOf(metric, id, account, quotes, exposure).value,
                        .rule = rules_.of(metric),
                        .broken = state.Broken(metric)};
  }
  report.state = state;
  return report;
}

}  // namespace livetape::floor
