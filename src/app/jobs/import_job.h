#pragma once

// ImportJob: an import as a job of the server. A function; any worker of the pool.

#include <filesystem>
#include <functional>

#include "app/jobs/bar_queue.h"
#include "app/jobs/job_ground.h"
#include "jobs/job_pool.h"
#include "market/instruments.h"

namespace livetape::app {

struct ImportGround {
  std::filesystem::path files;  // where bodies of imports are kept
  // All outlive it.
  const base::Clock& clock;
  BarQueue& bars;
  const market::Instruments& instruments;
  std::function<void(model::Instrument)> introduce;  // makes an instrument that is new
};

// The request is one that has been checked. The file goes when it has been read to its end.
model::JobEnd RunImportJob(jobs::JobContext& context, const ImportGround& ground);

}  // namespace livetape::app
