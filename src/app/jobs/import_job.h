#pragma once

// ImportJob: an import as a job of the server. Its file is read in the job's own process, its bars are
// stored by the server. Functions.

#include <filesystem>
#include <functional>
#include <vector>

#include "app/jobs/bar_queue.h"
#include "app/jobs/job_ground.h"
#include "app/jobs/queue_sink.h"
#include "base/result.h"
#include "jobs/import/bar_sink.h"
#include "jobs/job_context.h"
#include "market/instruments.h"

namespace livetape::app {

// Files that were sent, by the names in the jobs' requests.
std::filesystem::path UploadsFolder(const std::filesystem::path& data_folder);

// In the process of the job, which is killed to stop it: reads the file of a request that has been
// checked. The end has a result if it has read to the end of the file.
model::JobEnd RunImportJob(jobs::JobContext& context, const JobGround& ground, jobs::BarSink& sink);

// What imports stand on in the server. All outlive it.
struct ImportGround {
  BarQueue& bars;
  const market::Instruments& instruments;
  IntroduceInstrument introduce;             // any thread
  std::function<base::Result<void>()> room;  // as QueueSink wants it
};

// In the server, any worker of the pool: has the import done in its process and stores its bars. The
// file stays; it is needed no more when an end with a result is kept.
model::JobEnd StoreImport(jobs::JobContext& context, const JobGround& ground,
                          const ImportGround& import);

// What was sent for an import, if the job is one. Any thread.
void RemoveUpload(const std::filesystem::path& uploads, const model::Job& job);

// Main thread, before jobs run: makes the folder and removes files that none of `jobs` can read again.
base::Result<void> RemoveUploads(const std::filesystem::path& uploads,
                                 const std::vector<model::Job>& jobs);

}  // namespace livetape::app
