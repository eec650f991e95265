#include "jobs/job_pool.h"

#include <algorithm>
#include <exception>
#include <future>
#include <utility>

#include "base/assert.h"
#include "base/thread_name.h"

namespace livetape::jobs {

JobPool::JobPool(const Options& options, JobWork work, JobLedger& ledger, const base::Clock& clock)
    : options_(options), work_(std::move(work)), ledger_(ledger), clock_(clock) {
  LT_ASSERT(options.workers > 0 && options.queue_max > 0, "{} workers, {} waiting", options.workers,
            options.queue_max);
}

JobPool::~JobPool() { Stop(); }

void JobPool::Restore(std::vector<Job> jobs) {
  const std::scoped_lock lock(mutex_);
  for (Job& job : jobs) {
    if (job.state == JobState::kRunning) {
      job.state = JobState::kFailed;
      job.message = "the server ended while it ran; restart it to run it again";
      job.ended = clock_.Wall();
      interrupted_.push_back(job);
    }
    const bool waits = job.state == JobState::kQueued;
    Entry entry{.job = std::move(job),
                .number = next_number_++,
                .kept = true,
                .open = waits,
                .durable = true};
    const std::string id = entry.job.id;
    if (waits) queue_.push_back(id);
    entries_.insert_or_assign(id, std::move(entry));
  }
}

void JobPool::Start() {
  for (const Job& job : interrupted_) ledger_.Keep(job, nullptr, [] {}, [] {});
  interrupted_.clear();
  for (size_t i = 0; i < options_.workers; ++i) workers_.emplace_back([this] { Work(); });
}

void JobPool::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(stopping_, true)) return;
    for (auto& [id, entry] : entries_) {
      if (entry.open && entry.taken) entry.stop.request_stop();
    }
  }
  changed_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

const JobPool::Entry* JobPool::EntryOf(JobKind kind, const std::string& id) const {
  const auto at = entries_.find(id);
  if (at == entries_.end() || !at->second.kept || at->second.job.kind != kind) return nullptr;
  return &at->second;
}

JobPool::Entry* JobPool::EntryOf(JobKind kind, const std::string& id) {
  return const_cast<Entry*>(std::as_const(*this).EntryOf(kind, id));
}

// With the lock held. The ledger calls back on its own thread only.
void JobPool::Enqueue(Entry& entry, const Job& job, Done done) {
  entry.open = true;
  entry.durable = entry.taken = entry.cancelled = false;
  entry.stop = {};
  queue_.push_back(job.id);
  auto told = [this, id = job.id, done = std::move(done)]() mutable {
    {
      const std::scoped_lock lock(mutex_);
      if (const auto at = entries_.find(id); at != entries_.end()) at->second.durable = true;
    }
    changed_.notify_all();
    done();
  };
  ledger_.Keep(job, nullptr, [this, job] { Show(job); }, std::move(told));
}

std::optional<JobPool::Refusal> JobPool::Submit(Job job, Done done) {
  const std::scoped_lock lock(mutex_);
  if (stopping_) return Refusal::kStopping;
  if (queue_.size() >= options_.queue_max) return Refusal::kQueueFull;
  job.state = JobState::kQueued;
  const std::string id = job.id;
  const auto [at, added] =
      entries_.emplace(id, Entry{.job = std::move(job), .number = next_number_++, .open = true});
  LT_ASSERT(added, "two jobs {}", id);
  ForgetOldest();
  Enqueue(at->second, at->second.job, std::move(done));
  return std::nullopt;
}

std::optional<JobPool::Refusal> JobPool::Restart(JobKind kind, const std::string& id, Done done) {
  const std::scoped_lock lock(mutex_);
  if (stopping_) return Refusal::kStopping;
  Entry* const entry = EntryOf(kind, id);
  if (entry == nullptr) return Refusal::kUnknown;
  if (entry->open) return Refusal::kNotOver;
  if (queue_.size() >= options_.queue_max) return Refusal::kQueueFull;
  Job job = entry->job;
  job.state = JobState::kQueued;
  job.started.reset();
  job.ended.reset();
  job.progress = 0;
  job.records = 0;
  job.message.clear();
  job.result.clear();
  entry->number = next_number_++;
  Enqueue(*entry, job, std::move(done));
  return std::nullopt;
}

bool JobPool::Cancel(JobKind kind, const std::string& id,
                     std::move_only_function<void(const Job&)> ended) {
  Job job;
  {
    const std::scoped_lock lock(mutex_);
    Entry* const entry = EntryOf(kind, id);
    if (entry == nullptr) return false;
    if (!IsOver(entry->job.state)) {
      entry->waiting.push_back(std::move(ended));
      if (entry->taken) {
        entry->cancelled = true;
        entry->stop.request_stop();
        return true;
      }
      if (std::exchange(entry->cancelled, true)) return true;
      std::erase(queue_, id);
      job = entry->job;
    } else {
      job = entry->job;
    }
  }
  if (IsOver(job.state)) {
    ended(job);
    return true;
  }
  job.state = JobState::kCancelled;
  job.message = "cancelled before it began";
  job.ended = clock_.Wall();
  ledger_.Keep(job, nullptr, [this, job] { Show(job); }, [] {});
  return true;
}

std::optional<Job> JobPool::Find(JobKind kind, const std::string& id) const {
  const std::scoped_lock lock(mutex_);
  const Entry* const entry = EntryOf(kind, id);
  return entry == nullptr ? std::nullopt : std::optional(entry->job);
}

bool JobPool::Knows(JobKind kind, const std::string& id) const {
  const std::scoped_lock lock(mutex_);
  return EntryOf(kind, id) != nullptr;
}

JobPool::Page JobPool::List(JobKind kind, std::optional<JobState> state, size_t limit,
                            size_t offset) const {
  const std::scoped_lock lock(mutex_);
  std::vector<const Entry*> found;
  for (const auto& [id, entry] : entries_) {
    if (entry.kept && entry.job.kind == kind && (!state || entry.job.state == *state))
      found.push_back(&entry);
  }
  std::sort(found.begin(), found.end(),
            [](const Entry* a, const Entry* b) { return a->number > b->number; });
  Page page{.jobs = {}, .total = found.size()};
  for (size_t i = offset; i < found.size() && page.jobs.size() < limit; ++i) {
    page.jobs.push_back(found[i]->job);
  }
  return page;
}

size_t JobPool::queued() const {
  const std::scoped_lock lock(mutex_);
  return queue_.size();
}

size_t JobPool::running() const {
  const std::scoped_lock lock(mutex_);
  return running_;
}

void JobPool::Work() {
  base::NameThread("job-worker");
  while (true) {
    std::string id;
    {
      std::unique_lock lock(mutex_);
      const auto durable = [this](const std::string& waiting) {
        return entries_.at(waiting).durable;
      };
      changed_.wait(
          lock, [&] { return stopping_ || std::any_of(queue_.begin(), queue_.end(), durable); });
      if (stopping_) return;
      const auto next = std::find_if(queue_.begin(), queue_.end(), durable);
      id = *next;
      queue_.erase(next);
      entries_.at(id).taken = true;
      ++running_;
    }
    RunOne(id);
  }
}

void JobPool::RunOne(const std::string& id) {
  Job job;
  std::stop_token stop;
  {
    const std::scoped_lock lock(mutex_);
    const Entry& entry = entries_.at(id);
    job = entry.job;
    stop = entry.stop.get_token();
  }
  job.state = JobState::kRunning;
  job.started = clock_.Wall();
  KeepAndWait(job, nullptr);
  JobContext context(
      job, stop, [this](const Job& now, const std::string& members) { Tell(now, members); },
      [&](model::ResultRows rows) { return ledger_.KeepRows(id, std::move(rows), stop); }, clock_);
  auto end = std::make_shared<JobEnd>();
  try {
    *end = work_(context);
  } catch (const std::exception& error) {
    *end = JobEnd::Failed(std::string("it ended with ") + error.what());
  }
  job = context.job();
  LT_ASSERT(IsOver(end->state), "a job ended {}", Name(end->state));
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_ && end->state == JobState::kCancelled && !entries_.at(id).cancelled) {
      *end = JobEnd::Failed("the server was stopped while it ran; restart it to run it again");
    }
  }
  job.state = end->state;
  job.message = end->message;
  if (end->records > 0) job.records = end->records;
  job.result = end->result;
  job.ended = clock_.Wall();
  if (job.state == JobState::kCompleted) job.progress = 100;
  KeepAndWait(job, end);
  const std::scoped_lock lock(mutex_);
  --running_;
}

void JobPool::Tell(const Job& job, const std::string& members) {
  {
    const std::scoped_lock lock(mutex_);
    Job& known = entries_.at(job.id).job;
    known.progress = job.progress;
    known.records = job.records;
    known.message = job.message;
  }
  ledger_.Tell(job, members);
}

void JobPool::KeepAndWait(const Job& job, std::shared_ptr<const JobEnd> end) {
  const auto told = std::make_shared<std::promise<void>>();
  ledger_.Keep(job, std::move(end), [this, job] { Show(job); }, [told] { told->set_value(); });
  told->get_future().wait();
}

// From here on everybody sees it so.
void JobPool::Show(const Job& job) {
  std::vector<std::move_only_function<void(const Job&)>> waiting;
  {
    const std::scoped_lock lock(mutex_);
    Entry& entry = entries_.at(job.id);
    entry.job = job;
    entry.kept = true;
    if (IsOver(job.state)) {
      entry.open = false;
      waiting.swap(entry.waiting);
    }
  }
  for (auto& ended : waiting) ended(job);
}

// With the lock held.
void JobPool::ForgetOldest() {
  size_t over = 0;
  for (const auto& [id, entry] : entries_) over += entry.open ? 0 : 1;
  while (over > options_.kept_max) {
    auto oldest = entries_.end();
    for (auto at = entries_.begin(); at != entries_.end(); ++at) {
      if (at->second.open) continue;
      if (oldest == entries_.end() || at->second.number < oldest->second.number) oldest = at;
    }
    ledger_.Forget(oldest->second.job);
    entries_.erase(oldest);
    --over;
  }
}

}  // namespace livetape::jobs
