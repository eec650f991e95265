#pragma once

// Backtests over HTTP (API section 10): a new one, the lists of its result, and the strategies.

#include <functional>
#include <optional>

#include "api/jobs/job_backend.h"
#include "http/router.h"
#include "jobs/backtest/backtest_request.h"

namespace livetape::api {

// What is wrong with the bars that a request asks for, if anything is.
using CheckBars = std::function<std::optional<jobs::ParameterFault>(const jobs::BacktestRequest&,
                                                                    store::Reader&)>;

// The backend outlives the router.
void AddBacktests(http::Router& router, const JobBackend& backend, CheckBars check_bars);

}  // namespace livetape::api
