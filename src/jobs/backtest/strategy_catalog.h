#pragma once

// The strategies there are, their parameters, and the plan of one with its parameters. Pure functions.

#include <array>
#include <cstdint>
#include <expected>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "jobs/backtest/strategy.h"

namespace livetape::jobs {

struct ModelSource;  // jobs/backtest/model_strategy.h

enum class ParameterType : uint8_t { kInteger, kNumber, kBoolean, kText };
inline constexpr std::array<std::string_view, 4> kParameterTypeNames = {"integer", "number",
                                                                        "boolean", "string"};
constexpr std::string_view Name(ParameterType v) {
  return kParameterTypeNames[static_cast<size_t>(v)];
}

using ParameterValue = std::variant<int64_t, double, bool, std::string>;
using ParameterValues = std::map<std::string, ParameterValue, std::less<>>;

struct Parameter {
  std::string_view name;
  ParameterValue preset;  // its type is the parameter's
  double least = 0, most = 0;
  std::string_view meaning;

  ParameterType type() const { return static_cast<ParameterType>(preset.index()); }
};

struct StrategyInfo {
  std::string_view name;
  std::string_view meaning;
  bool portfolio = false;  // trades all symbols from one account
  std::vector<Parameter> parameters;
};

// In the order in which they are shown.
std::span<const StrategyInfo> Strategies();
// nullptr: there is none of that name.
const StrategyInfo* FindStrategy(std::string_view name);

// What is wrong with one field of a request, and what would be right.
struct ParameterFault {
  std::string field;  // the parameter, or "strategy"
  std::string message;
};

// All parameters of the strategy: those that are given, checked, and presets for the others. A
// whole number may be given for a number, and the other way where nothing is lost.
std::expected<ParameterValues, ParameterFault> CompleteParameters(const StrategyInfo& strategy,
                                                                  const ParameterValues& given);

// The strategy of that name; the fault lists those that there are.
std::expected<const StrategyInfo*, ParameterFault> LookUpStrategy(std::string_view name);

// `models` is where the strategy `model` finds its model; without it, that one cannot be planned.
std::expected<StrategyPlan, ParameterFault> PlanStrategy(std::string_view name,
                                                         const ParameterValues& given,
                                                         const ModelSource* models = nullptr);

}  // namespace livetape::jobs
