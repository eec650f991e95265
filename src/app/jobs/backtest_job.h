#pragma once

// BacktestJob: a backtest or a sweep as a job of the server: bars out of the store, progress and
// result as events and answers tell them. Functions; any worker of the pool.

#include "app/jobs/job_ground.h"
#include "jobs/job_pool.h"

namespace livetape::app {

// The request is one that has been checked.
model::JobEnd RunBacktestJob(jobs::JobContext& context, const JobGround& ground);

}  // namespace livetape::app
