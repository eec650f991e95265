#include "jobs/training/worker_conversation.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "jobs/stop_signal.h"

namespace livetape::jobs {
namespace {

constexpr size_t kReadMax = 1 << 16;

std::unexpected<base::Error> Failed(std::string what) {
  return base::Fail("the training process " + std::move(what));
}

}  // namespace

WorkerConversation::WorkerConversation(WorkerProcess child, SampleStream samples, Limits limits,
                                       const base::Clock& clock,
                                       std::function<void(const RoundFigures&)> on_round)
    : child_(std::move(child)),
      samples_(std::move(samples)),
      limits_(limits),
      clock_(clock),
      on_round_(std::move(on_round)),
      quiet_since_(clock.Mono()) {}

base::Result<std::optional<WorkerModel>> WorkerConversation::Run(const std::stop_token& stop) {
  const StopSignal signal(stop);
  for (;;) {
    const auto then = Turn(signal.fd());
    if (!then) return std::unexpected(then.error());
    if (*then == Then::kStopped) return std::nullopt;
    if (*then == Then::kDone) break;
  }
  if (model_bytes_ && text_.size() == *model_bytes_) {
    auto model = Model();
    if (!model) return std::unexpected(std::move(model.error()));
    return std::optional(*std::move(model));
  }
  return std::unexpected(Ended());
}

base::Result<WorkerConversation::Then> WorkerConversation::Turn(int stop_fd) {
  const auto left = limits_.silence - (clock_.Mono() - quiet_since_);
  if (left <= std::chrono::nanoseconds(0)) {
    return Failed(fmt::format("has hung and was ended: nothing from it for {} s",
                              std::chrono::duration<double>(limits_.silence).count()));
  }
  const bool writes = child_.in() >= 0;
  // When it has closed its stdout nothing more can come, but it may still run.
  std::array<pollfd, 4> files = {
      pollfd{stop_fd, POLLIN, 0},
      pollfd{out_ended_ ? child_.ended() : child_.out(), POLLIN, 0},
      pollfd{child_.err(), POLLIN, 0},
      pollfd{writes ? child_.in() : -1, POLLOUT, 0},
  };
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  const int ready = ::poll(files.data(), files.size(), static_cast<int>(wait));
  if (ready < 0 && errno != EINTR) return Failed(fmt::format("cannot be heard: errno {}", errno));
  if (ready <= 0) return Then::kGoOn;
  if (files[0].revents != 0) return Then::kStopped;
  if (files[2].revents != 0) child_.ReadWords();
  if (files[3].revents != 0) {
    if (auto wrote = Write(); !wrote) return std::unexpected(std::move(wrote.error()));
  }
  if (files[1].revents == 0) return Then::kGoOn;
  if (out_ended_) return Then::kDone;
  if (auto read = ReadOut(); !read) return std::unexpected(std::move(read.error()));
  return model_bytes_ && text_.size() == *model_bytes_ ? Then::kDone : Then::kGoOn;
}

base::Result<void> WorkerConversation::Write() {
  while (!samples_.Rest().empty()) {
    const std::string_view rest = samples_.Rest();
    const ssize_t wrote = ::send(child_.in(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0 && errno == EAGAIN) return {};
    if (wrote < 0) break;  // it does not listen any more; what it says or how it ends tells why
    samples_.Wrote(static_cast<size_t>(wrote));
    Alive();
  }
  child_.CloseIn();
  return {};
}

base::Result<void> WorkerConversation::ReadOut() {
  std::array<char, kReadMax> bytes;
  const ssize_t got = ::read(child_.out(), bytes.data(), bytes.size());
  if (got < 0) return {};  // nothing yet, after all
  if (got == 0) {
    out_ended_ = true;
    return {};
  }
  text_.append(bytes.data(), static_cast<size_t>(got));
  return TakeLines();
}

base::Result<void> WorkerConversation::TakeLines() {
  while (!model_bytes_) {
    const size_t end = text_.find('\n');
    const size_t length = std::min(end, text_.size());
    if (length > kWorkerLineMax) {
      return Failed("says what cannot be understood: " + OneLine(text_, 80));
    }
    if (end == std::string::npos) return {};
    const std::string line = text_.substr(0, end);
    text_.erase(0, end + 1);
    if (auto taken = TakeLine(line); !taken) return taken;
  }
  if (text_.size() <= *model_bytes_) {
    Alive();
    return {};
  }
  return Failed("says more than its model");
}

base::Result<void> WorkerConversation::TakeLine(std::string_view text) {
  const std::optional<WorkerLine> line = ParseWorkerLine(text);
  if (!line) return Failed("says what cannot be understood: " + OneLine(text, 80));
  Alive();
  if (const auto* failure = std::get_if<WorkerFailure>(&*line)) {
    return base::Fail(failure->message);
  }
  if (const auto* follows = std::get_if<ModelFollows>(&*line)) {
    if (follows->bytes > kModelBytesMax) {
      return Failed(
          fmt::format("made a model of {} bytes; {} are the most", follows->bytes, kModelBytesMax));
    }
    model_bytes_ = follows->bytes;
    return {};
  }
  const RoundFigures& figures = std::get<RoundFigures>(*line);
  if (figures.round != rounds_ + 1 || figures.round > limits_.rounds) {
    return Failed(
        fmt::format("says round {} after {} of {}", figures.round, rounds_, limits_.rounds));
  }
  rounds_ = figures.round;
  on_round_(figures);
  return {};
}

base::Result<WorkerModel> WorkerConversation::Model() const {
  auto model = ParseWorkerModel(text_);
  if (!model) return std::unexpected(std::move(model.error()));
  const bool fits = model->rounds_run == rounds_ && model->best.round >= 1 &&
                    model->best.round <= rounds_ && model->importance.size() == kFeatures &&
                    model->trees.features() == kFeatures;
  if (!fits) return Failed("made a model that is not the one asked for");
  return model;
}

base::Error WorkerConversation::Ended() {
  return {"the training process " + child_.EndedBefore("it had a model")};
}

}  // namespace livetape::jobs
