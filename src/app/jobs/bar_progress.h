#pragma once

// BarProgress: how far a backtest of the command line is, on standard error: a bar that is written
// over on a terminal, a line every five seconds elsewhere. Called by one thread at a time.

#include <string>

#include "base/clock.h"
#include "jobs/backtest/backtest.h"
#include "jobs/backtest/sweep.h"

namespace livetape::app {

class BarProgress final : public jobs::ProgressSink, public jobs::SweepSink {
 public:
  // `clock` outlives it.
  explicit BarProgress(const base::Clock& clock);
  ~BarProgress() override;
  BarProgress(const BarProgress&) = delete;
  BarProgress& operator=(const BarProgress&) = delete;

  void OnProgress(const jobs::BacktestProgress& progress) override;
  void OnProgress(const jobs::SweepProgress& progress) override;

 private:
  void Show(uint64_t done, uint64_t total, const std::string& more);

  const base::Clock& clock_;
  const bool terminal_;
  const base::MonoTime start_;
  base::MonoTime last_;
  bool shown_ = false;
};

}  // namespace livetape::app
