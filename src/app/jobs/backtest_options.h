#pragma once

// RequestOf: the options of `livetape backtest` as a request. Pure function.

#include <expected>

#include "app/jobs/backtest_command.h"
#include "jobs/backtest/backtest_request.h"
#include "model/instrument.h"

namespace livetape::app {

// The fault names the option's field and says what would be right. Params of a program of one's own
// (--exec) are not in it; they are the program's to understand.
std::expected<jobs::BacktestRequest, jobs::ParameterFault> RequestOf(
    const BacktestCommand& command);

// "name=value" in its two parts; nothing: it is not that.
std::optional<std::pair<std::string, std::string>> ParseParam(std::string_view text);

// What a word on the command line most simply is: true, 10, 0.5.
std::optional<jobs::ParameterValue> ParseValue(std::string_view text);

std::optional<model::AssetClass> ParseAssetClass(std::string_view text);

}  // namespace livetape::app
