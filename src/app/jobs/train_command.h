#pragma once

// `livetape train`: trains a model on bars of a data folder or of CSV files, prints its rounds and what
// it has become, and writes it to a file (docs/training.md). Main thread. And `livetape train-worker`,
// the process in which that happens.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/load.h"

namespace CLI {
class App;
}

namespace livetape::app {

// As typed; what is not typed has the value that it shows.
struct TrainCommand {
  config::LoadOptions load;
  bool list_params = false;
  std::string model = "direction";
  std::vector<std::string> params;  // "max_depth=4"
  std::vector<std::string> symbols;
  std::vector<std::string> csv;  // "goog.csv", "GOOG=goog.csv"
  std::string from, to, timeframe = "1d";
  int64_t rounds = 100;
  uint32_t memory_mib = 2048;
  std::optional<std::string> out, json;
};

struct TrainWorkerCommand {
  uint32_t memory_mib = 2048;
};

// Adds the command with its options, which fill in `command`. Its configuration's flags are added by
// who calls.
CLI::App* AddTrainCommand(CLI::App& app, TrainCommand& command);
// Not shown in any help: it is not for users.
void AddTrainWorkerCommand(CLI::App& app, TrainWorkerCommand& command);

// The exit status: 0 done; 1 it could not be done or was stopped; 2 what was asked for makes no sense.
// What there is to say has been printed.
int RunTrainCommand(const TrainCommand& command, const base::Clock& clock);

int RunTrainWorkerCommand(const TrainWorkerCommand& command);

}  // namespace livetape::app
