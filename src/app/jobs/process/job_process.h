#pragma once

// RunInProcess: does what a job computes in a process of its own, `livetape job-worker`, which runs at
// the lowest priority (jobs/background.h) and is killed when the job is stopped. The server stays,
// whatever happens in it. Blocks; any worker of the pool, each for a job of its own.

#include <filesystem>
#include <functional>

#include "base/result.h"
#include "jobs/import/bar_sink.h"
#include "jobs/job_context.h"

namespace livetape::app {

struct JobProcessOptions {
  std::filesystem::path folder;  // of the data
  size_t threads = 1;            // of a job that can use several
};

// Reports go to `context`, bars of an import to `take_bars`, whose error ends the job.
model::JobEnd RunInProcess(jobs::JobContext& context, const JobProcessOptions& options,
                           const std::function<base::Result<void>(jobs::BarBatch)>& take_bars);

}  // namespace livetape::app
