#pragma once

// The command line: which command, with what. Main thread.

#include <optional>
#include <string>
#include <variant>

#include "app/backup_command.h"
#include "app/jobs/backtest_command.h"
#include "app/jobs/import_command.h"
#include "app/jobs/process/job_worker.h"
#include "app/jobs/train_command.h"
#include "app/paper/floor_recorder.h"
#include "app/tape_command.h"
#include "app/token_command.h"
#include "base/result.h"
#include "config/load.h"

namespace livetape::app {

struct ServeCommand {
  config::LoadOptions load;
  bool insecure = false;
  RecordOptions record;
};
struct ConfigCommand {  // `config` prints, `check-config` only checks
  config::LoadOptions load;
  bool print = false;
  bool keys = false;
  bool insecure = false;
};
struct ReplayCommand {
  std::string file;
};
struct VersionCommand {};

using Command = std::variant<ServeCommand, ConfigCommand, TokenCommand, TapeCommand, BackupCommand,
                             ReplayCommand, BacktestCommand, ImportCommand, TrainCommand,
                             TrainWorkerCommand, JobWorkerCommand, VersionCommand>;

// What to run, or the exit status: 0 after --help, 2 after wrong usage; what there is to say about
// it has been printed.
std::variant<Command, int> ParseCommandLine(int argc, const char* const* argv);

}  // namespace livetape::app
