#pragma once

// ExecSession: a strategy in a program of its own, which is told each moment and answers with what it
// wants (docs/backtests.md, "Strategies of your own"). One thread owns it, that of the run.

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "api/body/json_objects.h"
#include "app/jobs/child_process.h"
#include "base/result.h"
#include "jobs/backtest/backtest_request.h"
#include "jobs/backtest/strategy.h"

namespace livetape::app {

struct ExecOptions {
  std::string command;                                        // for /bin/sh
  std::vector<std::pair<std::string, std::string>> params{};  // handed on as they are
  std::chrono::milliseconds timeout{10'000};                  // for each answer
};

class ExecSession {
 public:
  // Starts the program and tells it what is to come. `stop` is asked for by us when the program fails,
  // and by others; it ends every wait.
  static base::Result<std::unique_ptr<ExecSession>> Start(const ExecOptions& options,
                                                          const jobs::BacktestRequest& request,
                                                          const base::Clock& clock,
                                                          std::stop_source stop);

  // A plan whose one strategy is this program. The session outlives it.
  jobs::StrategyPlan Plan();

  void OnBars(std::span<const jobs::SymbolBar> bars, const jobs::Holdings& holdings,
              std::vector<jobs::Intent>& intents);

  // What the program did wrong, after which it was asked nothing more.
  const std::optional<base::Error>& fault() const { return fault_; }

 private:
  ExecSession(const ExecOptions& options, const jobs::BacktestRequest& request,
              std::unique_ptr<ChildProcess> program, std::stop_source stop);

  base::Result<void> Greet(const ExecOptions& options, const jobs::BacktestRequest& request);
  // Of the moment, as a line for the program.
  void Describe(std::span<const jobs::SymbolBar> bars, const jobs::Holdings& holdings);
  base::Result<void> TakeAnswer(std::string_view line, std::vector<jobs::Intent>& intents);
  api::BodyResult<jobs::Intent> IntentOf(const api::JsonObject& wish) const;
  api::BodyResult<jobs::Intent> OrderOf(std::string_view json) const;
  // Without a name the only one.
  api::BodyResult<jobs::Symbol> SymbolOf(std::optional<std::string_view> name) const;
  base::Error FaultOf(std::string_view what) const;

  const std::string command_;
  const std::vector<std::string> symbols_;
  const std::chrono::milliseconds timeout_;
  std::stop_source stop_;
  std::unique_ptr<ChildProcess> program_;
  api::JsonObjectReader reader_;
  std::string line_;
  size_t warm_up_ = 1;
  std::optional<base::Error> fault_;
};

}  // namespace livetape::app
