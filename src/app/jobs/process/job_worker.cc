#include "app/jobs/process/job_worker.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <cstdio>
#include <new>
#include <stop_token>
#include <utility>

#include "app/jobs/backtest_job.h"
#include "app/jobs/import_job.h"
#include "app/jobs/job_ground.h"
#include "app/jobs/process/job_frames.h"
#include "app/jobs/training_job.h"
#include "base/write_all.h"
#include "jobs/background.h"
#include "jobs/job_context.h"

namespace livetape::app {
namespace {

using model::JobEnd;

base::Result<JobOrder> ReadOrder() {
  FrameReader frames;
  std::array<char, 65536> bytes;
  for (;;) {
    auto frame = frames.Next();
    if (!frame) return std::unexpected(std::move(frame.error()));
    if (*frame) {
      auto* const order = std::get_if<JobOrder>(&**frame);
      if (order == nullptr) return base::Fail("no order");
      return std::move(*order);
    }
    const ssize_t got = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return base::Fail("the order ends too early");
    frames.Add({bytes.data(), static_cast<size_t>(got)});
  }
}

bool Write(std::string_view bytes) { return base::WriteAll(STDOUT_FILENO, bytes) == 0; }

class PipeSink final : public jobs::BarSink {
 public:
  base::Result<void> Take(jobs::BarBatch batch) override {
    if (Write(FrameOf(batch))) return {};
    return base::Fail("the server does not take the bars");
  }
};

JobEnd Compute(jobs::JobContext& context, const JobGround& ground) {
  try {
    switch (context.job().kind) {
      case model::JobKind::kBacktest:
        return RunBacktestJob(context, ground);
      case model::JobKind::kTraining:
        return RunTrainingJob(context, ground);
      case model::JobKind::kImport:
        break;
    }
    PipeSink sink;
    return RunImportJob(context, ground, sink);
  } catch (const std::bad_alloc&) {
    return JobEnd::Failed(
        "out of memory: choose a shorter range, or fewer symbols or combinations");
  }
}

}  // namespace

void AddJobWorkerCommand(CLI::App& app, JobWorkerCommand& command) {
  CLI::App* const sub = app.add_subcommand(std::string(kJobWorkerCommand), "");
  sub->group("");
  sub->add_option("--data-dir", command.data_dir)->required();
  sub->add_option("--threads", command.threads)->required()->check(CLI::Range(1, 1024));
  sub->add_flag(std::string(kExchangeHoursFlag), command.exchange_hours);
}

int RunJobWorkerCommand(const JobWorkerCommand& command, const base::Clock& clock) {
  jobs::MakeBackgroundProcess();
  auto order = ReadOrder();
  if (!order) {
    fmt::print(stderr, "{}\n", order.error().message);
    return 1;
  }
  // It is killed when it is to stop: nobody asks it to.
  jobs::JobContext context(
      {.id = std::move(order->id), .kind = order->kind, .request = std::move(order->request)},
      std::stop_token(),
      [](const model::Job& job, const std::string& members) {
        Write(FrameOf(JobProgress{job.progress, job.records, job.message, members}));
      },
      [](const model::ResultRows& rows) -> base::Result<void> {
        if (Write(FrameOf(rows))) return {};
        return base::Fail("the server does not take the result");
      },
      clock);
  const JobGround ground{
      .folder = command.data_dir,
      .clock = clock,
      .threads = command.threads,
      .hours = command.exchange_hours ? market::Hours::kExchange : market::Hours::kAlways};
  return Write(FrameOf(Compute(context, ground))) ? 0 : 1;
}

}  // namespace livetape::app
