#pragma once

// JobCenter: the jobs of a running server, joined: the pool, what it keeps and tells, the work of each
// kind, and what the endpoints see of it. Made, started and stopped by the main thread.

#include <memory>
#include <mutex>
#include <vector>

#include "api/backend.h"
#include "api/body/body_spool.h"
#include "api/jobs/job_backend.h"
#include "app/jobs/bar_queue.h"
#include "app/jobs/import_job.h"
#include "app/jobs/job_ground.h"
#include "app/jobs/job_registry.h"
#include "app/jobs/queue_sink.h"
#include "base/log.h"
#include "base/random.h"
#include "base/result.h"
#include "http/router.h"
#include "jobs/job_pool.h"
#include "metrics/registry.h"
#include "store/store.h"

namespace livetape::app {

class JobCenter {
 public:
  // All outlive it.
  struct Ground {
    const api::Backend& server;
    store::Store& store;
    std::vector<api::Mailbox*> loops;
    base::Log& log;
    metrics::Registry& metrics;
    BarQueue& bars;  // for imports
    IntroduceInstrument introduce;
  };
  // Opens what is kept of jobs. The error is one clear line.
  static base::Result<std::unique_ptr<JobCenter>> Open(const Ground& ground, base::Random random);

  void AddEndpoints(http::Router& router);
  // The tape runs. What a crash left to be told is told when it returns, before anybody asks; only
  // where the disk takes nothing later than that.
  void Start();
  // Ends what runs; requests still get their answers.
  void StopJobs() {
    registry_.StopInsisting();
    pool_.Stop();
  }
  // Is that the topic of a job of the server? Any thread.
  bool Owns(std::string_view topic) const;
  // Keeps and tells the last of it. Before the tape stops.
  void Stop();

 private:
  JobCenter(const Ground& ground, std::unique_ptr<store::JobBooks> books,
            std::unique_ptr<api::BodySpool> spool, base::Random random);
  model::JobEnd Work(jobs::JobContext& context) const;
  void RemoveModel(const model::Job& job);
  std::string NewId();

  const Ground ground_;
  const JobGround job_ground_;
  const ImportGround import_ground_;
  std::mutex random_mutex_;
  base::Random random_;
  JobRegistry registry_;
  jobs::JobPool pool_;
  const api::JobBackend backend_;
  const std::unique_ptr<api::BodySpool> spool_;
};

}  // namespace livetape::app
