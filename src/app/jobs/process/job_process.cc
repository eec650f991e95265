#include "app/jobs/process/job_process.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "app/jobs/process/job_frames.h"
#include "app/jobs/process/job_worker.h"
#include "jobs/stop_signal.h"
#include "jobs/worker_process.h"

namespace livetape::app {
namespace {

using model::JobEnd;

constexpr size_t kReadMax = size_t{1} << 18U;

// One job's talk with its process.
class Conversation {
 public:
  Conversation(jobs::WorkerProcess child, jobs::JobContext& context,
               const std::function<base::Result<void>(jobs::BarBatch)>& take_bars)
      : child_(std::move(child)),
        context_(context),
        take_bars_(take_bars),
        order_(FrameOf(JobOrder{context.job().kind, context.job().id, context.job().request})),
        rest_(order_) {}

  JobEnd Run() {
    const jobs::StopSignal stop(context_.stop());
    while (!end_) Turn(stop.fd());
    return *std::move(end_);
  }

 private:
  void Turn(int stop_fd) {
    std::array<pollfd, 4> files = {
        pollfd{stop_fd, POLLIN, 0},
        // When it has closed its stdout nothing more can come, but it may still run.
        pollfd{out_ended_ ? child_.ended() : child_.out(), POLLIN, 0},
        pollfd{child_.err(), POLLIN, 0},
        pollfd{child_.in(), POLLOUT, 0},
    };
    if (::poll(files.data(), files.size(), -1) < 0) {
      if (errno != EINTR) end_ = JobEnd::Failed(fmt::format("its process: errno {}", errno));
      return;
    }
    if (files[0].revents != 0) {
      child_.Kill();
      end_ = JobEnd::Cancelled();
      return;
    }
    if (files[2].revents != 0) child_.ReadWords();
    if (files[3].revents != 0) Write();
    if (files[1].revents == 0) return;
    if (out_ended_) {
      end_ = JobEnd::Failed("its process " + child_.EndedBefore("it was done"));
    } else {
      Read();
    }
  }

  void Write() {
    while (!rest_.empty()) {
      const ssize_t wrote = ::send(child_.in(), rest_.data(), rest_.size(), MSG_NOSIGNAL);
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0 && errno == EAGAIN) return;
      if (wrote < 0) break;  // it does not listen any more; how it ends tells why
      rest_.remove_prefix(static_cast<size_t>(wrote));
    }
    child_.CloseIn();
  }

  void Read() {
    bytes_.resize(kReadMax);
    const ssize_t got = ::read(child_.out(), bytes_.data(), bytes_.size());
    if (got < 0) return;  // nothing yet, after all
    if (got == 0) {
      out_ended_ = true;
      return;
    }
    frames_.Add(std::string_view(bytes_).substr(0, static_cast<size_t>(got)));
    while (!end_) {
      auto frame = frames_.Next();
      if (!frame) {
        end_ =
            JobEnd::Failed("its process says what cannot be understood: " + frame.error().message);
        return;
      }
      if (!*frame) return;
      std::visit([this](auto& content) { Take(std::move(content)); }, **frame);
    }
  }

  void Take(JobProgress progress) {
    context_.Relay(progress.percent, progress.records, std::move(progress.message),
                   progress.members);
  }
  void Take(jobs::BarBatch bars) {
    const auto taken = take_bars_(std::move(bars));
    if (!taken) end_ = JobEnd::Failed(taken.error().message);
  }
  void Take(model::ResultRows rows) {
    const auto kept = context_.KeepRows(std::move(rows));
    if (kept) return;
    end_ = context_.stop().stop_requested() ? JobEnd::Cancelled()
                                            : JobEnd::Failed(kept.error().message);
  }
  void Take(JobEnd end) { end_ = std::move(end); }
  void Take(const JobOrder&) {
    end_ = JobEnd::Failed("its process says what cannot be understood: an order");
  }

  jobs::WorkerProcess child_;
  jobs::JobContext& context_;
  const std::function<base::Result<void>(jobs::BarBatch)>& take_bars_;
  const std::string order_;
  std::string_view rest_;  // of the order
  std::string bytes_;      // room for what is read
  FrameReader frames_;
  bool out_ended_ = false;
  std::optional<JobEnd> end_;
};

}  // namespace

JobEnd RunInProcess(jobs::JobContext& context, const JobGround& ground,
                    const std::function<base::Result<void>(jobs::BarBatch)>& take_bars) {
  std::vector<std::string> arguments = {"/proc/self/exe", std::string(kJobWorkerCommand),
                                        "--data-dir",     ground.folder.string(),
                                        "--threads",      std::to_string(ground.threads)};
  if (ground.hours == market::Hours::kExchange) arguments.emplace_back(kExchangeHoursFlag);
  auto child = jobs::WorkerProcess::Start({.arguments = std::move(arguments), .environment = {}});
  if (!child) return JobEnd::Failed(child.error().message);
  return Conversation(*std::move(child), context, take_bars).Run();
}

}  // namespace livetape::app
