#include "jobs/training/training_request.h"

#include <fmt/format.h>

#include "jobs/backtest/backtest_request.h"

namespace livetape::jobs {

using Fault = std::unexpected<ParameterFault>;

std::expected<TrainingSpec, ParameterFault> Check(const TrainingRequest& request) {
  if (request.model != DirectionModel().name) {
    return Fault({"model", fmt::format("there is no model {}; there is: {}", request.model,
                                       DirectionModel().name)});
  }
  // Symbols and range as in a backtest.
  BacktestRequest bars{.strategy = "buy_and_hold", .symbols = request.symbols};
  bars.spec.range = request.range;
  if (const auto checked = Check(bars); !checked) return std::unexpected(checked.error());
  if (request.rounds < 1 || request.rounds > kRoundsMax) {
    return Fault({"rounds", fmt::format("rounds must be a whole number from 1 to {}, not {}",
                                        kRoundsMax, request.rounds)});
  }
  const auto parameters = CheckTrainingParameters(request.params);
  if (!parameters) {
    return Fault({"params." + parameters.error().field, parameters.error().message});
  }
  return TrainingSpec{.range = request.range,
                      .timeframe = request.timeframe,
                      .rounds = static_cast<uint32_t>(request.rounds),
                      .parameters = *parameters};
}

}  // namespace livetape::jobs
