#pragma once

// Backtests over HTTP (API section 10): a new one, the lists of its result, and the strategies.

#include <functional>
#include <optional>

#include "api/jobs/job_backend.h"
#include "http/router.h"
#include "jobs/backtest/backtest_request.h"

namespace livetape::api {

// What stands against a request besides missing bars: no model that fits.
using CheckRequest = std::function<std::optional<jobs::ParameterFault>(
    const jobs::BacktestRequest& request, const jobs::CheckedBacktest& checked,
    store::Reader& reader)>;

// The backend outlives the router.
void AddBacktests(http::Router& router, const JobBackend& backend, CheckRequest check);

}  // namespace livetape::api
