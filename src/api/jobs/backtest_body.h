#pragma once

// The body of POST /api/v1/backtests (API section 10): read here, checked by the backtest's own rules.
// Pure functions.

#include <string_view>

#include "api/body/body_error.h"
#include "jobs/backtest/backtest_request.h"

namespace livetape::api {

// Errors name the field and what is right; unknown fields are errors. What the strategy wants of its
// parameters, and what bars there are, is not looked at.
BodyResult<jobs::BacktestRequest> ParseBacktestBody(std::string_view body);

}  // namespace livetape::api
