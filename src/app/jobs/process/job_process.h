#pragma once

// RunInProcess: does what a job computes in a process of its own, `livetape job-worker`, which runs at
// the lowest priority (jobs/background.h) and is killed when the job is stopped. The server stays,
// whatever happens in it. Blocks; any worker of the pool, each for a job of its own.

#include <functional>

#include "app/jobs/job_ground.h"
#include "base/result.h"
#include "jobs/import/bar_sink.h"
#include "jobs/job_context.h"

namespace livetape::app {

// Reports and rows of the result go to `context`, bars of an import to `take_bars`, whose error ends the job.
model::JobEnd RunInProcess(jobs::JobContext& context, const JobGround& ground,
                           const std::function<base::Result<void>(jobs::BarBatch)>& take_bars);

}  // namespace livetape::app
