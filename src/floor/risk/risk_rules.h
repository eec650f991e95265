#pragma once

// RiskRules: what an account may be worth and risk before somebody is told, and what is done then
// (docs/risk.md). Plain values; the same for all accounts.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/decimal.h"
#include "floor/account_settings.h"

namespace livetape::floor {

// What is measured, each as a fraction of equity or of what equity was.
enum class RiskMetric : uint8_t { kVar, kDrawdown, kDayDrawdown, kGross, kNet, kConcentration };
inline constexpr size_t kRiskMetrics = 6;
inline constexpr std::array<std::string_view, kRiskMetrics> kRiskMetricNames = {
    "var", "drawdown", "day_drawdown", "gross", "net", "concentration"};
constexpr std::string_view Name(RiskMetric v) { return kRiskMetricNames[static_cast<size_t>(v)]; }

enum class Severity : uint8_t { kLow, kMedium, kHigh, kCritical };
inline constexpr std::array<std::string_view, 4> kSeverityNames = {"low", "medium", "high",
                                                                   "critical"};
constexpr std::string_view Name(Severity v) { return kSeverityNames[static_cast<size_t>(v)]; }

// kReduce and kHalt change the account's state; it stays so after the recovery.
enum class RiskAction : uint8_t { kAlert, kReduce, kHalt };
inline constexpr std::array<std::string_view, 3> kRiskActionNames = {"alert", "reduce", "halt"};
constexpr std::string_view Name(RiskAction v) { return kRiskActionNames[static_cast<size_t>(v)]; }

enum class VarMethod : uint8_t { kHistorical, kParametric, kMonteCarlo };
inline constexpr size_t kVarMethods = 3;
inline constexpr std::array<std::string_view, kVarMethods> kVarMethodNames = {
    "historical", "parametric", "monte_carlo"};
constexpr std::string_view Name(VarMethod v) { return kVarMethodNames[static_cast<size_t>(v)]; }

struct RiskRule {
  base::Decimal limit;  // 0: off
  Severity severity = Severity::kHigh;
  RiskAction action = RiskAction::kAlert;
  friend bool operator==(const RiskRule&, const RiskRule&) = default;
};

struct RiskRules {
  base::Decimal var_confidence = base::Decimal::FromUnits(950'000'000);  // 0.5 to 0.9999
  VarMethod var_method = VarMethod::kParametric;
  std::array<RiskRule, kRiskMetrics> rules;                          // by RiskMetric
  base::Decimal hysteresis = base::Decimal::FromUnits(900'000'000);  // 0 to 1

  RiskRule& of(RiskMetric metric) { return rules[static_cast<size_t>(metric)]; }
  const RiskRule& of(RiskMetric metric) const { return rules[static_cast<size_t>(metric)]; }
  friend bool operator==(const RiskRules&, const RiskRules&) = default;
};

}  // namespace livetape::floor
