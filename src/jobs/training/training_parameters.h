#pragma once

// TrainingParameters: how a model is trained, and the table that tells users what can be set. Pure
// functions.

#include <cstdint>
#include <expected>
#include <string>

#include "jobs/backtest/strategy_catalog.h"

namespace livetape::jobs {

inline constexpr uint32_t kRoundsPreset = 100;
inline constexpr uint32_t kRoundsMax = 1'000;

// The names are XGBoost's where it has one.
struct TrainingParameters {
  uint32_t max_depth = 3;
  double learning_rate = 0.1;
  double subsample = 0.8;
  double min_child_weight = 1;
  uint32_t early_stopping_rounds = 10;  // 0: all rounds are run
  double validation = 0.2;              // share of the samples
  uint32_t seed = 1;

  friend bool operator==(const TrainingParameters&, const TrainingParameters&) = default;
};

// The one model there is, "direction", with its parameters in the order in which they are shown.
const StrategyInfo& DirectionModel();

// Presets for what is not given. The error names the parameter and says what would be right.
std::expected<TrainingParameters, ParameterFault> CheckTrainingParameters(
    const ParameterValues& given);

}  // namespace livetape::jobs
