#include "jobs/training/training.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "jobs/training/sample_stream.h"
#include "jobs/training/worker_conversation.h"
#include "jobs/training/worker_protocol.h"
#include "jobs/worker_process.h"

namespace livetape::jobs {
namespace {

WorkerCommandLine CommandOf(const WorkerSettings& worker) {
  WorkerCommandLine command{.arguments = worker.command,
                            // One thread that sleeps when it waits.
                            .environment = {"OMP_NUM_THREADS=1", "OMP_WAIT_POLICY=passive"}};
  command.arguments.insert(command.arguments.end(),
                           {"--memory-mib", fmt::format("{}", worker.memory_mib)});
  return command;
}

ModelFacts FactsOf(const TrainingSpec& spec, std::span<const TrainingSymbol> symbols,
                   const Dataset& data, const WorkerModel& made) {
  ModelFacts facts;
  for (const TrainingSymbol& symbol : symbols) facts.symbols.push_back(symbol.name);
  facts.timeframe = spec.timeframe;
  facts.first = data.first;
  facts.last = data.last;
  facts.split = data.split;
  facts.bars = data.bars;
  facts.data_hash = data.hash;
  facts.training_samples = data.training().size();
  facts.validation_samples = data.validation().size();
  facts.validation_up =
      static_cast<double>(std::ranges::count(data.validation(), true, &Sample::up)) /
      static_cast<double>(data.validation().size());
  facts.parameters = spec.parameters;
  facts.rounds = spec.rounds;
  facts.rounds_run = made.rounds_run;
  facts.best = made.best;
  std::ranges::copy(made.importance, facts.importance.begin());
  return facts;
}

}  // namespace

base::Result<std::optional<TrainedModel>> Train(const TrainingSpec& spec,
                                                std::span<const TrainingSymbol> symbols,
                                                const WorkerSettings& worker,
                                                const base::Clock& clock,
                                                const TrainingHooks& hooks) {
  LT_ASSERT(spec.rounds > 0 && spec.rounds <= kRoundsMax, "{}", spec.rounds);
  const auto data = ReadDataset({.range = spec.range, .validation = spec.parameters.validation},
                                symbols, hooks.stop);
  if (!data) return std::unexpected(data.error());
  if (!*data || hooks.stop.stop_requested()) return std::nullopt;
  if (hooks.data) hooks.data(**data);

  auto child = WorkerProcess::Start(CommandOf(worker));
  if (!child) return std::unexpected(std::move(child.error()));
  const WorkerHead head{.features = {kFeatureNames.begin(), kFeatureNames.end()},
                        .training_samples = (*data)->training().size(),
                        .validation_samples = (*data)->validation().size(),
                        .rounds = spec.rounds,
                        .parameters = spec.parameters};
  WorkerConversation conversation(*std::move(child), SampleStream(head, **data),
                                  {.rounds = spec.rounds, .silence = worker.silence_max}, clock,
                                  [&hooks](const RoundFigures& figures) {
                                    if (hooks.round) hooks.round(figures);
                                  });
  auto made = conversation.Run(hooks.stop);
  if (!made) return std::unexpected(std::move(made.error()));
  if (!*made) return std::nullopt;
  ModelFacts facts = FactsOf(spec, symbols, **data, **made);
  return TrainedModel{std::move(facts), std::move((*made)->trees), std::move((*made)->xgboost)};
}

}  // namespace livetape::jobs
