#pragma once

// JobContext: what a job that runs can say and is told. The thread that runs it.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "model/job.h"

namespace livetape::jobs {

class JobContext {
 public:
  // At least, between two reports of a run.
  static constexpr std::chrono::milliseconds kBetweenReports{100};

  // Hears how far the job is, with further members of the event.
  using Tell = std::function<void(const model::Job& job, const std::string& members)>;

  // Takes rows of the result, and blocks until they are kept.
  using Keep = std::function<base::Result<void>(model::ResultRows rows)>;

  // `clock` outlives it.
  JobContext(model::Job job, std::stop_token stop, Tell tell, Keep keep, const base::Clock& clock)
      : job_(std::move(job)),
        stop_(std::move(stop)),
        tell_(std::move(tell)),
        keep_(std::move(keep)),
        clock_(clock),
        told_(clock.Mono()) {}

  const model::Job& job() const { return job_; }
  // Set when it is to end at once: cancelled, or the server stops.
  const std::stop_token& stop() const { return stop_; }

  // Is a report due? True at most every 100 ms.
  bool Due() const { return clock_.Mono() - told_ >= kBetweenReports; }
  // Does nothing unless one is due. `percent` of the whole, 0 to 100; a smaller one than before counts
  // as that. `records`: done so far. `members`: further members of the event,
  // `"current_date":"2008-01-02"`; may be empty.
  void Report(double percent, uint64_t records, std::string message,
              const std::string& members = {}) {
    if (Due()) Relay(percent, records, std::move(message), members);
  }
  // A report that was due where it comes from.
  void Relay(double percent, uint64_t records, std::string message, const std::string& members) {
    told_ = clock_.Mono();
    job_.progress = std::max(job_.progress, std::clamp(percent, 0.0, kMostWhileRunning));
    job_.records = records;
    job_.message = std::move(message);
    tell_(job_, members);
  }
  // Rows of a list of the result, which follow those before. An error: the job is to end with it.
  base::Result<void> KeepRows(model::ResultRows rows) { return keep_(std::move(rows)); }

 private:
  // The last percent is told by the end alone.
  static constexpr double kMostWhileRunning = 99.9;

  model::Job job_;
  const std::stop_token stop_;
  const Tell tell_;
  const Keep keep_;
  const base::Clock& clock_;
  base::MonoTime told_;
};

}  // namespace livetape::jobs
