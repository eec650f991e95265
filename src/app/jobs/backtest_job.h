#pragma once

// BacktestJob: a backtest or a sweep as a job of the server: bars out of the store, progress and
// result as events and answers tell them. Functions; any worker of the pool.

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "jobs/backtest/backtest_request.h"
#include "jobs/job_pool.h"
#include "store/reader.h"

namespace livetape::app {

// The first of the request's symbols that has no bars of that timeframe in the range, with what there
// is instead.
std::optional<jobs::ParameterFault> CheckBars(const jobs::BacktestRequest& request,
                                              store::Reader& reader);

// What a job works with; outlives it.
struct BacktestGround {
  std::filesystem::path folder;  // of the data
  const base::Clock& clock;
  size_t threads = 1;  // of a sweep
};

// The request is one that has been checked.
model::JobEnd RunBacktestJob(jobs::JobContext& context, const BacktestGround& ground);

}  // namespace livetape::app
