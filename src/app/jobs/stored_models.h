#pragma once

// StoredModels: the models of the data folder for backtests, and whether one may be used on the bars
// that a request asks for. Functions; any thread.

#include <filesystem>
#include <optional>

#include "jobs/backtest/backtest_request.h"
#include "jobs/backtest/model_strategy.h"
#include "store/reader.h"

namespace livetape::app {

// Models go by the ids of the trainings that made them, and nothing else.
jobs::ModelSource StoredModels(const std::filesystem::path& folder, model::Timeframe timeframe);

// What stands against every combination of a request for the strategy `model`, as it stands against
// the first: there is no such model, it is damaged or for other bars, or it has seen bars of the range.
// Nothing for other strategies.
std::optional<jobs::ParameterFault> CheckModel(const std::filesystem::path& folder,
                                               const jobs::BacktestRequest& request,
                                               const jobs::CheckedBacktest& checked,
                                               store::Reader& reader);

}  // namespace livetape::app
