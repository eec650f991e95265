#pragma once

// JobRegistry: keeps what becomes of jobs in jobs.db and tells the world of it, one after the other,
// on a thread of its own; answers questions about results on that thread too.
//
// Invariants: (1) a state is in jobs.db before its record is on the tape; (2) of a job whose last state no record has told, because of a crash, one tells at the next
// start.

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "api/jobs/job_backend.h"
#include "api/publishing/mailbox.h"
#include "api/publishing/publisher.h"
#include "base/log.h"
#include "base/result.h"
#include "jobs/job_pool.h"
#include "metrics/registry.h"
#include "store/job_books.h"

namespace livetape::app {

class JobRegistry final : public jobs::JobLedger, public api::JobReads {
 public:
  struct Surroundings {
    std::unique_ptr<store::JobBooks> books;
    api::Publisher& publisher;
    std::vector<api::Mailbox*> loops;
    base::Log& log;
    // Removes what a job in such a state needs no more. On this thread, when the state is kept and
    // before anybody is told; with the end of a run, null for all but those.
    std::function<void(const model::Job&, const model::JobEnd*)> kept;
    // Removes what else was kept of a job that is known no more. On this thread; may be null.
    std::function<void(const model::Job&)> forgotten;
    // An error where long results may take no more of the disk. Any thread.
    std::function<base::Result<void>()> room;
  };
  // `metrics` outlives it.
  JobRegistry(Surroundings surroundings, metrics::Registry& metrics);
  ~JobRegistry() override;

  // Main thread, before Start: what is kept, for the pool.
  base::Result<std::vector<model::Job>> Recover();
  void Start();
  // Waits until what was put before has been kept and told, or the disk takes nothing. After Start.
  void Settle();
  // From here on what the disk or the tape does not take at once is given up: the next start finds such
  // a job as it was kept last. Any thread.
  void StopInsisting();
  // Keeps and tells what has come; for good. The tape still runs, and no job does.
  void Stop();

  // jobs::JobLedger
  void Keep(const model::Job& job, std::shared_ptr<const model::JobEnd> end,
            std::move_only_function<void()> kept, std::move_only_function<void()> told) override;
  base::Result<void> KeepRows(const std::string& job, model::ResultRows rows,
                              const std::stop_token& stop) override;
  void Tell(const model::Job& job, const std::string& members) override;
  void Forget(const model::Job& job) override;

  // api::JobReads
  http::Reply Read(size_t loop,
                   std::move_only_function<http::Response(store::JobBooks&)> query) override;

 private:
  using Task = std::move_only_function<void()>;
  // Questions that wait, at most; changes are bounded by the jobs that there may be.
  static constexpr size_t kReadsMax = 256;

  void Put(Task task);
  void Run();
  void Count(model::JobState state);
  void TellNow(const model::Job& job, const std::string& members);
  base::Result<void> KeepRowsNow(const std::string& job, const model::ResultRows& rows,
                                 const std::stop_token& stop);
  base::Result<void> Room();
  // Calls `attempt` until it succeeds; false: it was given up, for good or because of `stop`.
  bool Insist(const char* what, const std::function<base::Result<void>()>& attempt,
              const std::stop_token& stop = {});
  void Note(bool& flag);  // settled_ or struggling_
  base::Result<void> Submit(std::vector<tape::NewRecord> records);

  const Surroundings around_;
  std::vector<model::Job> untold_;
  std::thread thread_;

  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  std::deque<Task> tasks_;
  size_t reads_ = 0;  // of tasks_
  bool stopping_ = false, insisting_ = true;
  // For Settle.
  std::condition_variable settling_;
  bool settled_ = false, struggling_ = false;

  metrics::Counter &queued_, &completed_, &failed_, &cancelled_;
};

}  // namespace livetape::app
