#include "jobs/backtest/strategy_catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "base/assert.h"
#include "jobs/backtest/model_strategy.h"
#include "jobs/backtest/momentum.h"
#include "jobs/backtest/simple_strategies.h"
#include "jobs/backtest/sma_cross.h"

namespace livetape::jobs {
namespace {

using Fault = std::unexpected<ParameterFault>;

constexpr double kLengthMax = 100'000;  // bars that an indicator remembers

Parameter Length(std::string_view name, int64_t preset, std::string_view meaning) {
  return {name, preset, 1, kLengthMax, meaning};
}
Parameter Number(std::string_view name, double preset, double least, double most,
                 std::string_view meaning) {
  return {name, preset, least, most, meaning};
}
Parameter Short(std::string_view meaning) { return {"short", false, 0, 1, meaning}; }

std::vector<StrategyInfo> MakeStrategies() {
  return {
      {"buy_and_hold", "Buys at the second bar's open and holds.", false, {}},
      {"sma_cross",
       "Long when the fast simple moving average of closes crosses the slow one upwards; leaves "
       "when it crosses it downwards.",
       false,
       {Length("fast", 10, "bars of the fast average, fewer than slow"),
        Length("slow", 30, "bars of the slow average"),
        Short("sell short at a downward cross instead of only leaving")}},
      {"ema_cross",
       "As sma_cross, with exponential moving averages: the mean of the first closes, then each "
       "close counts 2 / (bars + 1).",
       false,
       {Length("fast", 12, "bars of the fast average, fewer than slow"),
        Length("slow", 26, "bars of the slow average"),
        Short("sell short at a downward cross instead of only leaving")}},
      {"rsi",
       "Long when Wilder's relative strength index is below lower; leaves when it is above upper.",
       false,
       {Length("period", 14, "bars of the index"),
        Number("lower", 30, 0, 100, "where it buys, less than upper"),
        Number("upper", 70, 0, 100, "where it leaves"),
        Short("sell short above upper instead of only leaving")}},
      {"bollinger",
       "Long when the close is below the lower band; leaves when it is back at the mean.",
       false,
       {{"period", int64_t{20}, 2, kLengthMax, "bars of mean and deviation"},
        Number("deviations", 2, 0.1, 10, "distance of the bands from the mean, in deviations"),
        Short("sell short above the upper band, until the close is back at the mean")}},
      {"momentum",
       "Holds the symbols that have risen most, in one account: ranks them every so many bars, "
       "sells those that are not among the best any more and buys those that are new, each for an "
       "equal part of the cash.",
       true,
       {Length("lookback", 126, "bars over which the rise is measured"),
        {"top", int64_t{3}, 1, 1'000, "symbols that are held at most"},
        Length("every", 21, "bars between two rankings")}},
      {"model",
       "Long while a trained model foretells that the next bar closes higher; flat otherwise.",
       false,
       {{"task_id", std::string(), 0, 0, "the training that made the model"},
        Number("threshold", 0.5, 0, 1, "long while the probability of a rise is above it"),
        Short("sell short while the probability of no rise is above threshold"),
        {"allow_lookahead", false, 0, 1,
         "run also on bars that the model was trained on; the result says nothing then"}}},
  };
}

std::string Range(const Parameter& p) {
  switch (p.type()) {
    case ParameterType::kBoolean:
      return "true or false";
    case ParameterType::kInteger:
      return fmt::format("a whole number from {} to {}", p.least, p.most);
    case ParameterType::kNumber:
      return fmt::format("a number from {} to {}", p.least, p.most);
    case ParameterType::kText:
      return "a text";
  }
  return {};
}

// The value as the parameter's type, if it is one and in its range.
std::optional<ParameterValue> Converted(const Parameter& p, const ParameterValue& value) {
  const auto is_numeric = [](ParameterType type) {
    return type == ParameterType::kInteger || type == ParameterType::kNumber;
  };
  if (!is_numeric(p.type()) || !is_numeric(static_cast<ParameterType>(value.index()))) {
    return value.index() == p.preset.index() ? std::optional(value) : std::nullopt;
  }
  const double number = std::holds_alternative<double>(value)
                            ? std::get<double>(value)
                            : static_cast<double>(std::get<int64_t>(value));
  if (!(number >= p.least && number <= p.most)) return std::nullopt;
  if (p.type() == ParameterType::kNumber) return number;
  if (number != std::floor(number)) return std::nullopt;
  return static_cast<int64_t>(number);
}

template <typename Items>
std::string Names(const Items& items) {
  std::string names;
  for (const auto& item : items) names.append(names.empty() ? "" : ", ").append(item.name);
  return names.empty() ? "none" : names;
}

// The parameters of a plan, complete and each in its range.
class Settings {
 public:
  explicit Settings(const ParameterValues& values) : values_(values) {}
  size_t Size(std::string_view name) const {
    return static_cast<size_t>(std::get<int64_t>(At(name)));
  }
  double Number(std::string_view name) const { return std::get<double>(At(name)); }
  bool Flag(std::string_view name) const { return std::get<bool>(At(name)); }
  const std::string& Text(std::string_view name) const { return std::get<std::string>(At(name)); }

 private:
  const ParameterValue& At(std::string_view name) const {
    const auto it = values_.find(name);
    LT_ASSERT(it != values_.end(), "{}", name);
    return it->second;
  }
  const ParameterValues& values_;
};

// A plan for one symbol at a time.
template <typename Kind, typename... Arguments>
StrategyPlan PlanOf(size_t warm_up, Arguments... arguments) {
  return {.portfolio = false, .warm_up = warm_up, .make = [=](size_t) {
            return std::make_unique<Kind>(arguments...);
          }};
}

// What holds between two parameters.
std::optional<ParameterFault> CheckTogether(std::string_view name, const Settings& s) {
  const bool crosses = name == "sma_cross" || name == "ema_cross";
  if (crosses && s.Size("fast") >= s.Size("slow")) {
    return ParameterFault{"fast", fmt::format("fast must be less than slow: {} is not less than {}",
                                              s.Size("fast"), s.Size("slow"))};
  }
  if (name == "rsi" && s.Number("lower") >= s.Number("upper")) {
    return ParameterFault{"lower",
                          fmt::format("lower must be less than upper: {} is not less than {}",
                                      s.Number("lower"), s.Number("upper"))};
  }
  return std::nullopt;
}

StrategyPlan MakePlan(std::string_view name, const Settings& s) {
  if (name == "buy_and_hold") return PlanOf<BuyAndHold>(1);
  if (name == "sma_cross") {
    return PlanOf<SmaCross>(s.Size("slow"), s.Size("fast"), s.Size("slow"), s.Flag("short"));
  }
  if (name == "ema_cross") {
    return PlanOf<EmaCross>(s.Size("slow"), s.Size("fast"), s.Size("slow"), s.Flag("short"));
  }
  if (name == "rsi") {
    return PlanOf<RsiReversal>(s.Size("period") + 1, s.Size("period"), s.Number("lower"),
                               s.Number("upper"), s.Flag("short"));
  }
  if (name == "bollinger") {
    return PlanOf<BollingerReversal>(s.Size("period"), s.Size("period"), s.Number("deviations"),
                                     s.Flag("short"));
  }
  LT_ASSERT(name == "momentum", "{}", name);
  return {.portfolio = true,
          .warm_up = s.Size("lookback") + 1,
          .make = [lookback = s.Size("lookback"), top = static_cast<uint32_t>(s.Size("top")),
                   every = s.Size("every")](size_t symbols) {
            return std::make_unique<Momentum>(symbols, lookback, top, every);
          }};
}

std::expected<StrategyPlan, ParameterFault> FindModelAndPlan(const Settings& s,
                                                             const ModelSource* models) {
  const std::string& task_id = s.Text("task_id");
  if (task_id.empty() || models == nullptr) {
    return Fault({"task_id", task_id.empty() ? "task_id must name the training that made the model"
                                             : "there are no trained models here"});
  }
  auto model = models->find(task_id);
  if (!model) return Fault({"task_id", std::move(model.error().message)});
  auto plan = PlanModel(*std::move(model), models->timeframe,
                        {.threshold = s.Number("threshold"),
                         .goes_short = s.Flag("short"),
                         .allow_lookahead = s.Flag("allow_lookahead")});
  if (!plan) return Fault({"task_id", std::move(plan.error().message)});
  return *std::move(plan);
}

}  // namespace

std::span<const StrategyInfo> Strategies() {
  static const std::vector<StrategyInfo> strategies = MakeStrategies();
  return strategies;
}

const StrategyInfo* FindStrategy(std::string_view name) {
  const std::span<const StrategyInfo> all = Strategies();
  const auto it = std::ranges::find(all, name, &StrategyInfo::name);
  return it == all.end() ? nullptr : &*it;
}

std::expected<ParameterValues, ParameterFault> CompleteParameters(const StrategyInfo& strategy,
                                                                  const ParameterValues& given) {
  ParameterValues values;
  for (const auto& [name, value] : given) {
    const auto p = std::ranges::find(strategy.parameters, name, &Parameter::name);
    if (p == strategy.parameters.end()) {
      return Fault({name, fmt::format("{} has no parameter {}; its parameters: {}", strategy.name,
                                      name, Names(strategy.parameters))});
    }
    std::optional<ParameterValue> converted = Converted(*p, value);
    if (!converted) return Fault({name, fmt::format("{} must be {}", name, Range(*p))});
    values.emplace(name, *converted);
  }
  for (const Parameter& p : strategy.parameters) values.emplace(p.name, p.preset);
  if (auto fault = CheckTogether(strategy.name, Settings(values))) return Fault(std::move(*fault));
  return values;
}

std::expected<const StrategyInfo*, ParameterFault> LookUpStrategy(std::string_view name) {
  if (const StrategyInfo* const strategy = FindStrategy(name)) return strategy;
  return Fault({"strategy",
                fmt::format("there is no strategy {}; there are: {}", name, Names(Strategies()))});
}

std::expected<StrategyPlan, ParameterFault> PlanStrategy(std::string_view name,
                                                         const ParameterValues& given,
                                                         const ModelSource* models) {
  const auto strategy = LookUpStrategy(name);
  if (!strategy) return std::unexpected(strategy.error());
  const auto values = CompleteParameters(**strategy, given);
  if (!values) return std::unexpected(values.error());
  if (name == "model") return FindModelAndPlan(Settings(*values), models);
  return MakePlan(name, Settings(*values));
}

}  // namespace livetape::jobs
