#pragma once

// What risk is measured and told: plain values. All fractions are positive where they are losses.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/decimal.h"
#include "floor/risk/risk_rules.h"
#include "floor/risk/value_at_risk.h"
#include "model/instrument.h"
#include "model/order.h"

namespace livetape::floor {

// What of an account's risk outlasts the process.
struct RiskState {
  uint32_t broken = 0;       // limits, one bit each, lowest kVar
  uint64_t exceedances = 0;  // days that lost more than was expected at their start
  // Value at risk at the last day roll; nothing: it could not be said.
  std::optional<double> roll_var;

  bool Broken(RiskMetric metric) const { return (broken & Bit(metric)) != 0; }
  void SetBroken(RiskMetric metric, bool is) {
    broken = is ? broken | Bit(metric) : broken & ~Bit(metric);
  }
  friend bool operator==(const RiskState&, const RiskState&) = default;

 private:
  static constexpr uint32_t Bit(RiskMetric metric) {
    return uint32_t{1} << static_cast<unsigned>(metric);
  }
};

// A limit is broken, or armed again.
struct RiskAlert {
  model::AccountId account;
  base::WallTime time;
  RiskMetric metric = RiskMetric::kVar;
  bool broken = false;
  std::optional<double> value;  // nothing: of an equity that is used up
  RiskRule rule;
  RiskState state;  // after it
};

struct LimitStanding {
  std::optional<double> value;  // nothing: it cannot be said
  RiskRule rule;
  bool broken = false;
};

struct RiskReport {
  base::Amount equity, long_value, short_value, gross, net, largest;
  std::optional<model::InstrumentId> largest_position;
  double drawdown = 0, max_drawdown = 0, day_drawdown = 0;
  base::Amount peak, day_start;
  // By VarMethod; nothing with a reason.
  std::array<std::optional<TailRisk>, kVarMethods> tail_risk;
  std::string_view reason;
  double covered = 1;  // share of gross with a history of daily closes
  size_t days = 0;     // returns that it is made of
  std::array<LimitStanding, kRiskMetrics> limits;
  RiskState state;
};

}  // namespace livetape::floor
