#include "app/commands.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <system_error>

#include "app/entropy.h"
#include "app/progress_line.h"
#include "app/serve.h"
#include "config/describe.h"
#include "config/exposure.h"
#include "market/summary.h"

namespace livetape::app {
namespace {

int Failed(const base::Error& error) {
  fmt::print(stderr, "livetape: {}\n", error.message);
  return 1;
}

int RunOne(const ServeCommand& command) {
  const auto config = config::Load(command.load);
  if (!config) return Failed(config.error());
  if (auto safe = config::CheckExposure(*config, command.insecure); !safe) {
    return Failed(safe.error());
  }
  const auto served = Serve(*config, command.record);
  return served ? 0 : Failed(served.error());
}

int RunOne(const ConfigCommand& command) {
  if (command.keys) {
    fmt::print("{}", config::KeyHelp());
    return 0;
  }
  const auto config = config::Load(command.load);
  if (!config) return Failed(config.error());
  if (command.print) {
    fmt::print("{}", config::Describe(*config));
    return 0;
  }
  const auto safe = config::CheckExposure(*config, command.insecure);
  if (!safe) return Failed(safe.error());
  fmt::print("the configuration is right\n");
  return 0;
}

int RunOne(const TokenCommand& command) {
  const base::RealClock clock;
  return RunTokenCommand(command, clock);
}

int RunOne(const TapeCommand& command) {
  const base::RealClock clock;
  return RunTapeCommand(command, clock, base::Random(Entropy()));
}

int RunOne(const BackupCommand& command) {
  const base::RealClock clock;
  return RunBackupCommand(command, clock);
}

int RunOne(const ImportCommand& command) {
  const base::RealClock clock;
  return RunImportCommand(command, clock);
}

int RunOne(const ReplayCommand& command) {
  base::Log log(base::LogLevel::kInfo, base::LogFormat::kText);
  const base::RealClock clock;
  std::error_code unknown;
  const uint64_t size = std::filesystem::file_size(command.file, unknown);
  ProgressLine line(clock);
  const auto progress = [&](uint64_t bytes, uint64_t messages) {
    if (!line.Due()) return;
    line.Show(fmt::format("{} {} messages", line.Bar(bytes, unknown ? 0 : size), messages));
  };
  const auto summary = market::Summarise(command.file, clock, &log, progress);
  line.Clear();
  if (!summary) return Failed(summary.error());
  fmt::print("{}", market::Text(*summary));
  return 0;
}

int RunOne(const BacktestCommand& command) {
  const base::RealClock clock;
  return RunBacktestCommand(command, clock);
}

int RunOne(const TrainCommand& command) {
  const base::RealClock clock;
  return RunTrainCommand(command, clock);
}

int RunOne(const TrainWorkerCommand& command) { return RunTrainWorkerCommand(command); }

int RunOne(const JobWorkerCommand& command) {
  const base::RealClock clock;
  return RunJobWorkerCommand(command, clock);
}

int RunOne(const VersionCommand&) {
  fmt::print("livetape {}\n", LIVETAPE_VERSION);
  return 0;
}

}  // namespace

int Run(const Command& command) {
  return std::visit([](const auto& one) { return RunOne(one); }, command);
}

}  // namespace livetape::app
