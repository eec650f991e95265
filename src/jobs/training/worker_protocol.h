#pragma once

// What is said between a training and its worker process (docs/training.md). Pure functions.
//
// To the worker, on its stdin: the length of the head (4 bytes, lowest first), the head, then the
// samples for training and those for validation, each its features as 32-bit floats and one byte
// 1 (up) or 0, then "end\n".
// From it, on its stdout: lines of JSON, one per round, then one that says how many bytes of model
// follow, or what went wrong.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "jobs/training/trained_model.h"
#include "jobs/training/training_parameters.h"

namespace livetape::jobs {

struct WorkerHead {
  std::vector<std::string> features;  // their names
  uint64_t training_samples = 0, validation_samples = 0;
  uint32_t rounds = kRoundsPreset;
  TrainingParameters parameters;
};
inline constexpr size_t kWorkerHeadMax = 4096;
inline constexpr size_t kWorkerLineMax = 4096;
inline constexpr std::string_view kWorkerEnd = "end\n";
inline constexpr std::string_view kWorkerCommand = "train-worker";

std::string HeadBytes(const WorkerHead& head);
base::Result<WorkerHead> ParseHead(std::string_view bytes);

// What the worker has made, of the best round.
struct WorkerModel {
  uint32_t rounds_run = 0;
  RoundFigures best;
  std::vector<double> importance;  // of each feature
  TreeEnsemble trees;
  std::string xgboost;
};
std::string WorkerModelBytes(const WorkerModel& model);
base::Result<WorkerModel> ParseWorkerModel(std::string_view bytes);

struct WorkerFailure {
  std::string message;
};
struct ModelFollows {
  uint64_t bytes = 0;
};
using WorkerLine = std::variant<RoundFigures, ModelFollows, WorkerFailure>;

// With its line end.
std::string LineOf(const WorkerLine& line);
// Nothing: it is none of them.
std::optional<WorkerLine> ParseWorkerLine(std::string_view line);

}  // namespace livetape::jobs
