#include "app/jobs/job_registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include "api/jobs/job_event.h"
#include "base/thread_name.h"

namespace livetape::app {
namespace {

constexpr std::chrono::milliseconds kRetryPause{200};
// After that a record that is not committed yet meets a disk that takes nothing.
constexpr std::chrono::milliseconds kPatience{2000};
// Of jobs.db, for some parts of a result with all that is around them.
constexpr uint64_t kFreeEnough = uint64_t{8} << 20U;

}  // namespace

JobRegistry::JobRegistry(Surroundings surroundings, metrics::Registry& metrics)
    : around_(std::move(surroundings)),
      queued_(metrics.AddCounter("livetape_jobs_queued_total", "Jobs that were put in the queue.")),
      completed_(metrics.AddCounter("livetape_jobs_completed_total", "Jobs that were done.")),
      failed_(metrics.AddCounter("livetape_jobs_failed_total", "Jobs that failed.")),
      cancelled_(metrics.AddCounter("livetape_jobs_cancelled_total", "Jobs that were cancelled.")) {
}

JobRegistry::~JobRegistry() { Stop(); }

base::Result<std::vector<model::Job>> JobRegistry::Recover() {
  auto kept = around_.books->All();
  if (!kept) return std::unexpected(std::move(kept.error()));
  for (const model::Job& job : kept->jobs) {
    // One that was running is told of as failed, by the pool.
    const bool untold = std::ranges::find(kept->untold, job.id) != kept->untold.end();
    if (untold && job.state != model::JobState::kRunning) untold_.push_back(job);
  }
  return std::move(kept->jobs);
}

void JobRegistry::Start() {
  for (model::Job& job : untold_) {
    Put([this, job = std::move(job)] { TellNow(job, ""); });
  }
  untold_.clear();
  thread_ = std::thread([this] { Run(); });
}

void JobRegistry::Settle() {
  Put([this] { Note(settled_); });
  std::unique_lock lock(mutex_);
  settling_.wait(lock, [this] { return settled_ || struggling_; });
}

void JobRegistry::Note(bool& flag) {
  {
    const std::scoped_lock lock(mutex_);
    flag = true;
  }
  settling_.notify_all();
}

void JobRegistry::StopInsisting() {
  {
    const std::scoped_lock lock(mutex_);
    insisting_ = false;
  }
  changed_.notify_all();
}

void JobRegistry::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    insisting_ = false;
    if (std::exchange(stopping_, true)) return;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

// Once nobody insists, the callbacks come although the disk has taken nothing: whoever waits goes on.
void JobRegistry::Keep(const model::Job& job, std::shared_ptr<const model::JobEnd> end,
                       std::move_only_function<void()> kept, std::move_only_function<void()> told) {
  Put([this, job, end = std::move(end), kept = std::move(kept), told = std::move(told)]() mutable {
    Count(job.state);
    const bool saved = Insist("keep", [&] { return around_.books->Save(job, end.get()); });
    if (saved && around_.kept) around_.kept(job, end.get());
    kept();
    if (saved) TellNow(job, end ? end->members : "");
    told();
  });
}

// Each part waits in line with what others want kept, so that a long result stops nobody.
base::Result<void> JobRegistry::KeepRows(const std::string& job, model::ResultRows rows,
                                         const std::stop_token& stop) {
  constexpr size_t kMost = store::JobBooks::kRowsMax;
  if (rows.first > kMost || rows.rows.size() > kMost - rows.first) {
    return base::Fail(fmt::format("{} of its result has more than {} rows", rows.name, kMost));
  }
  const auto kept = std::make_shared<std::promise<base::Result<void>>>();
  Put([&, kept] { kept->set_value(KeepRowsNow(job, rows, stop)); });
  return kept->get_future().get();
}

base::Result<void> JobRegistry::KeepRowsNow(const std::string& job, const model::ResultRows& rows,
                                            const std::stop_token& stop) {
  // The first part of each list waits for room as the state of a job does, so that short ones are kept.
  if (rows.first > 0) {
    if (auto room = Room(); !room) {
      return base::Fail("its result cannot be kept: " + room.error().message);
    }
  }
  const auto save = [&] { return around_.books->SaveRows(job, rows); };
  if (Insist("keep the result of", save, stop)) return {};
  return base::Fail("its result could not be kept before it was stopped");
}

// What results that are gone have left in jobs.db is taken first.
base::Result<void> JobRegistry::Room() {
  auto room = around_.room();
  if (room) return room;
  const auto free = around_.books->free_bytes();
  return free && *free > kFreeEnough ? base::Result<void>{} : room;
}

void JobRegistry::Tell(const model::Job& job, const std::string& members) {
  // What the tape does not take now is told with the next: progress is shown, not kept.
  around_.publisher.Submit(api::JobRecords(job, members), [](bool) {});
}

void JobRegistry::Forget(const model::Job& job) {
  Put([this, job] {
    if (auto forgotten = around_.books->Forget(job.id); !forgotten) {
      around_.log.Warning("job {} stays: {}", job.id, forgotten.error().message);
    } else if (around_.forgotten) {
      around_.forgotten(job);
    }
  });
}

http::Reply JobRegistry::Read(size_t loop,
                              std::move_only_function<http::Response(store::JobBooks&)> query) {
  auto shared = std::make_shared<decltype(query)>(std::move(query));
  return http::DeferredReply{[this, loop, shared](http::Responder responder) {
    {
      const std::scoped_lock lock(mutex_);
      if (reads_ >= kReadsMax || stopping_) {
        http::Response busy = http::Problem(503, "too many questions about jobs wait; try again");
        busy.headers.Add("Retry-After", "1");
        return responder.Send(std::move(busy));
      }
      ++reads_;
    }
    Put([this, loop, shared, responder = std::move(responder)] {
      auto response = std::make_shared<http::Response>((*shared)(*around_.books));
      {
        const std::scoped_lock lock(mutex_);
        --reads_;
      }
      around_.loops[loop]->Put([responder, response] { responder.Send(std::move(*response)); });
    });
  }};
}

void JobRegistry::Put(Task task) {
  {
    const std::scoped_lock lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void JobRegistry::Run() {
  base::NameThread("job-registry");
  while (true) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

void JobRegistry::Count(model::JobState state) {
  switch (state) {
    case model::JobState::kQueued:
      return queued_.Add();
    case model::JobState::kCompleted:
      return completed_.Add();
    case model::JobState::kFailed:
      return failed_.Add();
    case model::JobState::kCancelled:
      return cancelled_.Add();
    case model::JobState::kRunning:
      return;
  }
}

void JobRegistry::TellNow(const model::Job& job, const std::string& members) {
  if (!Insist("tell of", [&] { return Submit(api::JobRecords(job, members)); })) return;
  if (auto noted = around_.books->NoteTold(job.id); !noted) {
    around_.log.Warning("job {} will be told of again at the next start: {}", job.id,
                        noted.error().message);
  }
}

bool JobRegistry::Insist(const char* what, const std::function<base::Result<void>()>& attempt,
                         const std::stop_token& stop) {
  for (bool first = true;; first = false) {
    const auto done = attempt();
    if (done) return true;
    if (first) {
      around_.log.Error("cannot {} a job, trying again: {}", what, done.error().message);
      Note(struggling_);
    }
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, kRetryPause, [this] { return !insisting_; })) return false;
    if (stop.stop_requested()) return false;
  }
}

base::Result<void> JobRegistry::Submit(std::vector<tape::NewRecord> records) {
  const auto kept = std::make_shared<std::promise<bool>>();
  const bool taken = around_.publisher.Submit(std::move(records),
                                              [kept](bool durable) { kept->set_value(durable); });
  if (!taken) return base::Fail("the tape does not take its record");
  std::future<bool> durable = kept->get_future();
  for (auto waited = kRetryPause; durable.wait_for(kRetryPause) != std::future_status::ready;
       waited += kRetryPause) {
    if (waited >= kPatience) Note(struggling_);
    // Nobody knows what becomes of it; if it is not kept, the next start tells of the job.
    const std::scoped_lock lock(mutex_);
    if (!insisting_) return base::Fail("the tape does not commit");
  }
  if (!durable.get()) return base::Fail("the tape does not take its record");
  return {};
}

}  // namespace livetape::app
