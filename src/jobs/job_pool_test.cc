#include "jobs/job_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <utility>

namespace livetape::jobs {
namespace {

using std::chrono::milliseconds;

class SetClock final : public base::Clock {
 public:
  base::WallTime Wall() const override { return base::WallTime(milliseconds(now_.load())); }
  base::MonoTime Mono() const override { return base::MonoTime(milliseconds(now_.load())); }
  void Pass(milliseconds time) { now_ += time.count(); }

 private:
  std::atomic<int64_t> now_ = 1'000'000;
};

// What happens to jobs, in order; keeps at once, or when it is let.
class Ledger final : public JobLedger {
 public:
  void Keep(const Job& job, std::shared_ptr<const JobEnd>, std::move_only_function<void()> kept,
            std::move_only_function<void()> told) override {
    {
      const std::scoped_lock lock(mutex_);
      kept_.push_back(job);
    }
    // On a thread of its own, as the contract says.
    const std::scoped_lock lock(threads_mutex_);
    threads_.emplace_back([gate = gate_, kept = std::move(kept), told = std::move(told)]() mutable {
      gate.wait();
      kept();
      told();
    });
  }
  // A disk that takes nothing of what comes now, until it is let.
  void Hold() {
    const std::scoped_lock lock(threads_mutex_);
    held_ = {};
    gate_ = held_.get_future().share();
  }
  void Let() {
    const std::scoped_lock lock(threads_mutex_);
    held_.set_value();
    gate_ = Open();
  }
  // Waits until it has been asked to keep the job in that state.
  void UntilAsked(const std::string& id, JobState state) {
    while (true) {
      const std::vector<JobState> states = StatesOf(id);
      if (!states.empty() && states.back() == state) return;
      std::this_thread::yield();
    }
  }
  base::Result<void> KeepRows(const std::string& job, model::ResultRows rows,
                              const std::stop_token&) override {
    const std::scoped_lock lock(mutex_);
    rows_.push_back(job + " " + rows.name);
    return {};
  }
  void Tell(const Job& job, const std::string& members) override {
    const std::scoped_lock lock(mutex_);
    told_.emplace_back(job.progress, members);
  }
  void Forget(const Job& job) override {
    const std::scoped_lock lock(mutex_);
    forgotten_.push_back(job.id + " " + job.request);
  }

  std::vector<JobState> StatesOf(const std::string& id) {
    const std::scoped_lock lock(mutex_);
    std::vector<JobState> states;
    for (const Job& job : kept_) {
      if (job.id == id) states.push_back(job.state);
    }
    return states;
  }
  std::vector<std::pair<double, std::string>> told() {
    const std::scoped_lock lock(mutex_);
    return told_;
  }
  std::vector<std::string> forgotten() {
    const std::scoped_lock lock(mutex_);
    return forgotten_;
  }
  std::vector<std::string> rows() {
    const std::scoped_lock lock(mutex_);
    return rows_;
  }
  // What was promised has been called.
  void Settle() {
    std::vector<std::thread> threads;
    {
      const std::scoped_lock lock(threads_mutex_);
      threads.swap(threads_);
    }
    for (std::thread& thread : threads) thread.join();
  }

 private:
  static std::shared_future<void> Open() {
    std::promise<void> open;
    open.set_value();
    return open.get_future().share();
  }

  std::mutex mutex_, threads_mutex_;
  std::promise<void> held_;
  std::shared_future<void> gate_ = Open();
  std::vector<Job> kept_;
  std::vector<std::pair<double, std::string>> told_;
  std::vector<std::string> forgotten_, rows_;
  std::vector<std::thread> threads_;
};

using enum JobState;

class Pool : public ::testing::Test {
 protected:
  ~Pool() override {
    pool_->Stop();
    ledger_.Settle();
  }
  void Open(JobWork work, JobPool::Options options = {.workers = 1, .queue_max = 3}) {
    pool_.emplace(options, std::move(work), ledger_, clock_);
  }
  static Job Named(std::string id) { return {.id = std::move(id), .request = "{}"}; }
  std::optional<JobPool::Refusal> Submit(const std::string& id) {
    return pool_->Submit(Named(id), [] {});
  }
  // The job once it is over.
  Job Over(const std::string& id) {
    while (true) {
      const auto job = pool_->Find(JobKind::kBacktest, id);
      if (job && IsOver(job->state)) return *job;
      std::this_thread::yield();
    }
  }
  void Until(JobState state, const std::string& id) {
    while (StateOf(id) != state) std::this_thread::yield();
  }
  // As everybody sees it; nothing: it is unknown.
  std::optional<JobState> StateOf(const std::string& id) {
    const auto job = pool_->Find(JobKind::kBacktest, id);
    return job ? std::optional(job->state) : std::nullopt;
  }
  Job Cancelled(const std::string& id) {
    std::promise<Job> over;
    EXPECT_TRUE(
        pool_->Cancel(JobKind::kBacktest, id, [&over](const Job& job) { over.set_value(job); }));
    return over.get_future().get();
  }
  static JobEnd WaitForStop(JobContext& context) {
    while (!context.stop().stop_requested()) std::this_thread::yield();
    return JobEnd::Cancelled();
  }

  SetClock clock_;
  Ledger ledger_;
  std::optional<JobPool> pool_;
};

TEST_F(Pool, DoesAJobAndKeepsEachState) {
  Open([](JobContext& context) {
    return JobEnd{.state = kCompleted, .message = "did " + context.job().id, .result = "{\"a\":1}"};
  });
  pool_->Start();
  std::promise<void> durable;
  EXPECT_FALSE(pool_->Submit(Named("one"), [&durable] { durable.set_value(); }));
  durable.get_future().wait();
  const Job job = Over("one");
  EXPECT_EQ(job.state, kCompleted);
  EXPECT_EQ(job.message, "did one");
  EXPECT_EQ(job.result, "{\"a\":1}");
  EXPECT_EQ(job.progress, 100);
  EXPECT_TRUE(job.started && job.ended);
  EXPECT_EQ(ledger_.StatesOf("one"), (std::vector{kQueued, kRunning, kCompleted}));
}

TEST_F(Pool, RowsOfAResultAreKeptUnderItsId) {
  Open([](JobContext& context) {
    EXPECT_TRUE(context.KeepRows({.name = "trades", .rows = {"{}"}}));
    return JobEnd{.state = kCompleted};
  });
  pool_->Start();
  EXPECT_FALSE(Submit("one"));
  Over("one");
  EXPECT_EQ(ledger_.rows(), (std::vector<std::string>{"one trades"}));
}

TEST_F(Pool, ProgressIsMonotoneAndToldEveryTenthOfASecondAtMost) {
  Open([this](JobContext& context) {
    context.Report(10, 0, "too early");
    clock_.Pass(milliseconds(100));
    context.Report(20, 0, "first", "\"x\":1");
    clock_.Pass(milliseconds(99));
    context.Report(30, 0, "too early");
    clock_.Pass(milliseconds(1));
    context.Report(15, 0, "second");
    clock_.Pass(milliseconds(100));
    context.Report(100, 0, "third");
    return JobEnd{.state = kCompleted};
  });
  pool_->Start();
  Submit("one");
  Over("one");
  const std::vector<std::pair<double, std::string>> expected = {
      {20, "\"x\":1"}, {20, ""}, {99.9, ""}};
  EXPECT_EQ(ledger_.told(), expected);
}

TEST_F(Pool, AJobThatRunsIsSeenWithItsProgress) {
  std::promise<void> reported, go_on;
  Open([&](JobContext& context) {
    clock_.Pass(milliseconds(100));
    context.Report(42, 0, "in the middle");
    reported.set_value();
    go_on.get_future().wait();
    return JobEnd{.state = kCompleted};
  });
  pool_->Start();
  Submit("one");
  reported.get_future().wait();
  const auto job = pool_->Find(JobKind::kBacktest, "one");
  EXPECT_EQ(job->state, kRunning);
  EXPECT_EQ(job->progress, 42);
  EXPECT_EQ(job->message, "in the middle");
  EXPECT_FALSE(pool_->Find(JobKind::kTraining, "one"));
  go_on.set_value();
  Over("one");
}

TEST_F(Pool, RefusesWhatTheQueueHasNoRoomFor) {
  Open(WaitForStop);
  for (const char* const id : {"a", "b", "c"}) EXPECT_FALSE(Submit(id));
  EXPECT_EQ(Submit("d"), JobPool::Refusal::kQueueFull);
  EXPECT_FALSE(pool_->Find(JobKind::kBacktest, "d"));
  EXPECT_EQ(pool_->queued(), 3);
}

TEST_F(Pool, CancelsOneThatRunsAndOneThatWaits) {
  Open(WaitForStop);
  pool_->Start();
  Submit("runs");
  Until(kRunning, "runs");
  Submit("waits");
  Until(kQueued, "waits");
  EXPECT_EQ(Cancelled("waits").state, kCancelled);
  EXPECT_EQ(ledger_.StatesOf("waits"), (std::vector{kQueued, kCancelled}));
  EXPECT_EQ(Cancelled("runs").state, kCancelled);
  EXPECT_EQ(Cancelled("runs").state, kCancelled) << "again";
  EXPECT_FALSE(pool_->Cancel(JobKind::kBacktest, "unknown", [](const Job&) { FAIL(); }));
}

TEST_F(Pool, StartsAgainWhatIsOver) {
  std::atomic<int> runs = 0;
  Open([&runs](JobContext&) {
    return ++runs == 1 ? JobEnd::Failed("no bars") : JobEnd{.state = kCompleted};
  });
  pool_->Start();
  Submit("one");
  EXPECT_EQ(Over("one").message, "no bars");
  while (pool_->running() > 0) std::this_thread::yield();
  EXPECT_FALSE(pool_->Restart(JobKind::kBacktest, "one", [] {}));
  while (Over("one").state != kCompleted) std::this_thread::yield();
  EXPECT_EQ(ledger_.StatesOf("one"),
            (std::vector{kQueued, kRunning, kFailed, kQueued, kRunning, kCompleted}));
  EXPECT_EQ(pool_->Restart(JobKind::kBacktest, "two", [] {}), JobPool::Refusal::kUnknown);
}

TEST_F(Pool, NobodySeesAStateBeforeItIsKept) {
  Open([](JobContext&) { return JobEnd{.state = kCompleted}; });
  pool_->Start();
  ledger_.Hold();
  Submit("one");
  EXPECT_EQ(StateOf("one"), std::nullopt);
  EXPECT_EQ(pool_->List(JobKind::kBacktest, std::nullopt, 10, 0).total, 0);
  EXPECT_FALSE(pool_->Cancel(JobKind::kBacktest, "one", [](const Job&) { FAIL(); }));
  ledger_.Let();
  Over("one");
  while (pool_->running() > 0) std::this_thread::yield();

  // Of one that is started again its old end is seen, and nobody starts it once more.
  ledger_.Hold();
  EXPECT_FALSE(pool_->Restart(JobKind::kBacktest, "one", [] {}));
  EXPECT_EQ(StateOf("one"), kCompleted);
  EXPECT_EQ(pool_->Restart(JobKind::kBacktest, "one", [] {}), JobPool::Refusal::kNotOver);
  ledger_.Let();
  while (ledger_.StatesOf("one").size() < 6) std::this_thread::yield();
  Over("one");
}

// A crash before that is kept would leave one that waits.
TEST_F(Pool, OneThatAWorkerHasTakenWaitsUntilItsBeginIsKeptAndCanBeCancelled) {
  Open([](JobContext& context) {
    return context.stop().stop_requested() ? JobEnd::Cancelled() : JobEnd{.state = kCompleted};
  });
  Job waited = Named("one");
  pool_->Restore({waited});
  ledger_.Hold();
  pool_->Start();
  ledger_.UntilAsked("one", kRunning);
  EXPECT_EQ(StateOf("one"), kQueued);
  std::promise<Job> over;
  EXPECT_TRUE(
      pool_->Cancel(JobKind::kBacktest, "one", [&over](const Job& job) { over.set_value(job); }));
  ledger_.Let();
  EXPECT_EQ(over.get_future().get().state, kCancelled);
  EXPECT_EQ(ledger_.StatesOf("one"), (std::vector{kRunning, kCancelled}));
}

TEST_F(Pool, DoesNotStartAgainWhatIsNotOver) {
  Open(WaitForStop);
  Submit("one");
  Until(kQueued, "one");
  EXPECT_EQ(pool_->Restart(JobKind::kBacktest, "one", [] {}), JobPool::Refusal::kNotOver);
}

TEST_F(Pool, AnExceptionFailsTheJobAndNothingElse) {
  Open([](JobContext& context) -> JobEnd {
    if (context.job().id == "bad") throw std::bad_alloc();
    return {.state = kCompleted};
  });
  pool_->Start();
  Submit("bad");
  Submit("good");
  EXPECT_EQ(Over("bad").message, "it ended with std::bad_alloc");
  EXPECT_EQ(Over("good").state, kCompleted);
}

TEST_F(Pool, AfterACrashWhatRanHasFailedAndWhatWaitedRuns) {
  Open([](JobContext&) { return JobEnd{.state = kCompleted}; });
  Job ran = Named("ran"), waited = Named("waited"), done = Named("done");
  ran.state = kRunning;
  done.state = kCompleted;
  pool_->Restore({ran, waited, done});
  EXPECT_EQ(pool_->Find(JobKind::kBacktest, "ran")->state, kFailed);
  EXPECT_NE(pool_->Find(JobKind::kBacktest, "ran")->message.find("ended while it ran"),
            std::string::npos);
  pool_->Start();
  EXPECT_EQ(Over("waited").state, kCompleted);
  EXPECT_EQ(ledger_.StatesOf("ran"), (std::vector{kFailed}));
  EXPECT_TRUE(ledger_.StatesOf("done").empty());
}

TEST_F(Pool, AStopFailsWhatRunsAndKeepsWhatWaits) {
  Open(WaitForStop);
  pool_->Start();
  Submit("runs");
  Until(kRunning, "runs");
  Submit("waits");
  pool_->Stop();
  EXPECT_EQ(pool_->Find(JobKind::kBacktest, "runs")->state, kFailed);
  EXPECT_EQ(ledger_.StatesOf("waits"), (std::vector{kQueued}));
  EXPECT_EQ(Submit("more"), JobPool::Refusal::kStopping);
}

TEST_F(Pool, ListsTheNewestFirstAndForgetsTheOldest) {
  Open([](JobContext&) { return JobEnd{.state = kCompleted}; },
       {.workers = 1, .queue_max = 3, .kept_max = 2});
  pool_->Start();
  for (const char* const id : {"a", "b", "c"}) {
    Submit(id);
    Over(id);
  }
  Submit("d");
  Over("d");
  const JobPool::Page page = pool_->List(JobKind::kBacktest, std::nullopt, 2, 0);
  EXPECT_EQ(page.jobs.front().id, "d");
  EXPECT_EQ(page.jobs.back().id, "c");
  EXPECT_EQ(page.total, 3) << "two that were over when the last came, and it";
  EXPECT_EQ(ledger_.forgotten(), (std::vector<std::string>{"a {}"}));
  EXPECT_EQ(pool_->List(JobKind::kBacktest, kFailed, 10, 0).total, 0);
  EXPECT_EQ(pool_->List(JobKind::kBacktest, std::nullopt, 10, 2).jobs.size(), 1);
}

}  // namespace
}  // namespace livetape::jobs
