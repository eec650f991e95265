#pragma once

// JobPool: the queue of jobs and the workers that look after them, one job each. What a job computes
// is done in a process of its own (app/jobs/process/), so that a worker mostly waits. Thread-safe; the
// main thread makes, starts and stops it.
//
// States: queued -> running -> completed | failed | cancelled; queued -> cancelled; what is over may
// be started again, as the same job.
//
// Invariants: (1) every change of a job's state is kept (JobLedger) before anybody is told of it, by
// Find and List or otherwise, so that no crash takes it back; and who has been told of it by an event
// sees it here;
// (2) progress of a run never goes back, and is told at most every 100 ms; (3) at most
// `queue_max` jobs wait and `kept_max` that are over are known: the oldest are forgotten.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "jobs/job_context.h"
#include "model/job.h"

namespace livetape::jobs {

using model::Job;
using model::JobEnd;
using model::JobKind;
using model::JobState;

// Where jobs are kept, and told to the world. Any thread; calls take effect in their order.
class JobLedger {
 public:
  virtual ~JobLedger() = default;
  // The job as it is now; of one that has just ended, `end` has what its event says besides and what
  // is kept. On another thread `kept` is called when it is durable, before anybody is told of it, and
  // `told` when the event is durable too. While the disk takes nothing they are put off.
  virtual void Keep(const Job& job, std::shared_ptr<const JobEnd> end,
                    std::move_only_function<void()> kept, std::move_only_function<void()> told) = 0;
  // Rows of the result of a job that runs, after those before; an older result of it goes when it is
  // queued or begins. Blocks until they are kept: while the disk takes nothing, until `stop`, which is
  // an error.
  virtual base::Result<void> KeepRows(const std::string& job, model::ResultRows rows,
                                      const std::stop_token& stop) = 0;
  // How far it has come, with further members of the event. May be lost under load.
  virtual void Tell(const Job& job, const std::string& members) = 0;
  // The job is known no more; what was kept of it may go.
  virtual void Forget(const Job& job) = 0;
};

// What is done for a job. It never throws but for want of memory.
using JobWork = std::function<JobEnd(JobContext&)>;

class JobPool {
 public:
  struct Options {
    size_t workers = 1;
    size_t queue_max = 100;
    size_t kept_max = 1000;
  };
  // All outlive it.
  JobPool(const Options& options, JobWork work, JobLedger& ledger, const base::Clock& clock);
  ~JobPool();

  // Before Start: what was kept. One that was running has failed; those that waited go on waiting.
  void Restore(std::vector<Job> jobs);
  void Start();
  // Ends what runs: it has failed, because the server stopped. What waits is kept.
  void Stop();

  // --- any thread
  enum class Refusal : uint8_t { kQueueFull, kStopping, kUnknown, kNotOver };
  using Done = std::move_only_function<void()>;
  // A new job. `done` is called when it is durable, unless it is refused.
  std::optional<Refusal> Submit(Job job, Done done);
  // One that is over again: kUnknown, kNotOver.
  std::optional<Refusal> Restart(JobKind kind, const std::string& id, Done done);
  // `ended` is called with the job when it is over; at once if it is already. False: unknown.
  bool Cancel(JobKind kind, const std::string& id, std::move_only_function<void(const Job&)> ended);

  std::optional<Job> Find(JobKind kind, const std::string& id) const;
  bool Knows(JobKind kind, const std::string& id) const;
  struct Page {
    std::vector<Job> jobs;  // newest first
    size_t total = 0;
  };
  Page List(JobKind kind, std::optional<JobState> state, size_t limit, size_t offset) const;
  size_t queued() const;
  size_t running() const;

 private:
  struct Entry {
    Job job;                                                           // as it was kept last
    uint64_t number = 0;                                               // by age
    bool kept = false;                                                 // it is known to others
    bool open = false;                                                 // it is to run, or runs
    bool durable = false;                                              // may run
    bool taken = false;                                                // a worker has it
    bool cancelled = false;                                            // and its end is being kept
    std::stop_source stop{};                                           // of the run
    std::vector<std::move_only_function<void(const Job&)>> waiting{};  // for its end
  };

  // One that is known to others, or nullptr.
  const Entry* EntryOf(JobKind kind, const std::string& id) const;
  Entry* EntryOf(JobKind kind, const std::string& id);
  void Enqueue(Entry& entry, const Job& job, Done done);
  void Work();
  void RunOne(const std::string& id);
  void Tell(const Job& job, const std::string& members);
  void KeepAndWait(const Job& job, std::shared_ptr<const JobEnd> end);
  void Show(const Job& job);
  void ForgetOldest();

  const Options options_;
  const JobWork work_;
  JobLedger& ledger_;
  const base::Clock& clock_;

  mutable std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  std::map<std::string, Entry> entries_;
  std::deque<std::string> queue_;
  size_t running_ = 0;
  uint64_t next_number_ = 1;
  bool stopping_ = false;
  std::vector<Job> interrupted_;  // by the end of the server; to be kept as failed
  std::vector<std::thread> workers_;
};

}  // namespace livetape::jobs
