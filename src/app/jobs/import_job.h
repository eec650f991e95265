#pragma once

// ImportJob: an import as a job of the server. Functions; any worker of the pool, but RemoveUploads.

#include <filesystem>
#include <functional>
#include <vector>

#include "app/jobs/bar_queue.h"
#include "base/clock.h"
#include "jobs/job_pool.h"
#include "market/instruments.h"

namespace livetape::app {

// What imports stand on. All outlive it.
struct ImportGround {
  std::filesystem::path uploads;  // files that were sent, by the names in the jobs' requests
  BarQueue& bars;
  const market::Instruments& instruments;
  std::function<void(model::Instrument)> introduce;  // of a new instrument; any thread
  const base::Clock& clock;
};

// The request is one that has been checked. The file goes when it has been read to its end; after a
// cancel, or a crash, it stays for another try.
model::JobEnd RunImportJob(jobs::JobContext& context, const ImportGround& ground);

// Main thread, before jobs run: makes the folder and removes files that none of `jobs` can read again.
base::Result<void> RemoveUploads(const std::filesystem::path& uploads,
                                 const std::vector<model::Job>& jobs);

}  // namespace livetape::app
