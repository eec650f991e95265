#pragma once

// WorkerConversation: gives a worker process its samples and hears what it says, until it has
// delivered a model, failed, or is to be stopped. It waits for the process but never longer than its
// silence may last. One thread owns it.

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "jobs/training/sample_stream.h"
#include "jobs/training/worker_protocol.h"
#include "jobs/worker_process.h"

namespace livetape::jobs {

class WorkerConversation {
 public:
  struct Limits {
    uint32_t rounds = 0;
    std::chrono::milliseconds silence{};
  };
  // `clock` outlives it.
  WorkerConversation(WorkerProcess child, SampleStream samples, Limits limits,
                     const base::Clock& clock, std::function<void(const RoundFigures&)> on_round);

  // Once. Nothing: it was stopped. The process has ended when this returns.
  base::Result<std::optional<WorkerModel>> Run(const std::stop_token& stop);

 private:
  // What one thing that happened means for the whole.
  enum class Then { kGoOn, kStopped, kDone };

  // Waits until something happens and does what is to be done about it.
  base::Result<Then> Turn(int stop_fd);
  base::Result<void> Write();
  base::Result<void> ReadOut();
  base::Result<void> TakeLines();
  base::Result<void> TakeLine(std::string_view line);
  base::Result<WorkerModel> Model() const;
  base::Error Ended();
  void Alive() { quiet_since_ = clock_.Mono(); }

  WorkerProcess child_;
  SampleStream samples_;
  const Limits limits_;
  const base::Clock& clock_;
  const std::function<void(const RoundFigures&)> on_round_;
  base::MonoTime quiet_since_;
  uint32_t rounds_ = 0;
  std::string text_;  // of stdout, not yet understood; once `model_bytes_` is known, the model
  std::optional<uint64_t> model_bytes_;
  bool out_ended_ = false;
};

}  // namespace livetape::jobs
