#pragma once

// Train: a model of the next bar's direction from the bars of some symbols (docs/training.md). The
// calling thread reads the bars and watches the worker process that does the learning; whatever
// becomes of that process, what comes back is a value.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "jobs/training/dataset.h"
#include "jobs/training/trained_model.h"
#include "jobs/training/training_parameters.h"

namespace livetape::jobs {

struct TrainingSpec {
  TimeRange range;
  model::Timeframe timeframe = model::Timeframe::k1d;
  uint32_t rounds = kRoundsPreset;  // 1 to kRoundsMax
  TrainingParameters parameters;
};

// How the worker process is run.
struct WorkerSettings {
  // The program and its first arguments; "--memory-mib N" follows.
  std::vector<std::string> command = {"/proc/self/exe", "train-worker"};
  uint32_t memory_mib = 2048;
  // It is killed when it has neither taken a sample nor ended a round for so long.
  std::chrono::milliseconds silence_max = std::chrono::minutes(5);
};

// Called by the thread that trains.
struct TrainingHooks {
  // What is going to be learned from; before the first round.
  std::function<void(const Dataset&)> data{};
  // After each round.
  std::function<void(const RoundFigures&)> round{};
  std::stop_token stop{};
};

// Nothing: it was stopped, and the worker has been killed, within 100 ms. The error says what went
// wrong: with the bars, or with the worker (killed, out of memory, hanging, talking nonsense).
base::Result<std::optional<TrainedModel>> Train(const TrainingSpec& spec,
                                                std::span<const TrainingSymbol> symbols,
                                                const WorkerSettings& worker,
                                                const base::Clock& clock,
                                                const TrainingHooks& hooks = {});

}  // namespace livetape::jobs
