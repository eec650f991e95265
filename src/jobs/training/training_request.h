#pragma once

// TrainingRequest: a training as somebody asks for it, and the check of it. Pure functions; what bars
// there are is not looked at here.

#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "jobs/backtest/strategy_catalog.h"
#include "jobs/training/training.h"
#include "model/bar.h"

namespace livetape::jobs {

struct TrainingRequest {
  std::string model = "direction";
  std::vector<std::string> symbols{};
  model::Timeframe timeframe = model::Timeframe::k1d;
  TimeRange range{};
  int64_t rounds = kRoundsPreset;
  ParameterValues params{};
};

// What is to be done. The fault names the field of the request ("symbols", "params.max_depth") and says
// what would be right.
std::expected<TrainingSpec, ParameterFault> Check(const TrainingRequest& request);

}  // namespace livetape::jobs
