#include <CLI/CLI.hpp>
#include <string>

#include "app/jobs/train_command.h"
#include "jobs/training/worker_protocol.h"

namespace livetape::app {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  livetape train --csv GOOG=goog.csv --rounds 50 --out goog.model\n"
    "  livetape train --symbols SPY,QQQ --to 2018-12-31 --param max_depth=4 --param seed=7\n"
    "Exit status: 0 done, 1 it could not be done or was stopped, 2 wrong usage.";

}  // namespace

CLI::App* AddTrainCommand(CLI::App& app, TrainCommand& command) {
  CLI::App* const sub = app.add_subcommand(
      "train", "Train a model that foretells whether the next bar closes higher");
  sub->add_option("--model", command.model, "what kind of model: direction, the only one");
  sub->add_option("--rounds", command.rounds, "of boosting, one tree each, at most (100)");
  sub->add_option("--param", command.params, "name=value, any number of times; --list shows all")
      ->take_all()
      ->allow_extra_args(false);
  sub->add_flag("--list", command.list_params, "print the parameters");
  sub->add_option("--symbols", command.symbols, "symbols, as a comma list; of files: all in them")
      ->delimiter(',');
  sub->add_option(
         "--csv", command.csv,
         "FILE or SYMBOL=FILE with bars, instead of the data folder's, any number of times")
      ->take_all()
      ->allow_extra_args(false);
  sub->add_option("--from", command.from, "first date or time, inclusive");
  sub->add_option("--to", command.to, "last date or time, inclusive");
  sub->add_option("--timeframe", command.timeframe, "1s, 1m, 5m, 15m, 1h or 1d (1d)");
  sub->add_option("--memory-mib", command.memory_mib,
                  "memory that the training process may use, in MiB (2048)")
      ->check(CLI::Range(16U, 1U << 20U));
  sub->add_option("--out", command.out, "write the model to this file");
  sub->add_option("--json", command.json, "write what is known of the model to this file");
  sub->footer(kExamples);
  return sub;
}

void AddTrainWorkerCommand(CLI::App& app, TrainWorkerCommand& command) {
  CLI::App* const sub = app.add_subcommand(std::string(jobs::kWorkerCommand), "");
  sub->group("");
  sub->add_option("--memory-mib", command.memory_mib)->required();
}

}  // namespace livetape::app
