#pragma once

// What a training has brought, as JSON text: the same on the command line and over HTTP
// (docs/training.md, "Results"). Pure functions; each appends one value.

#include <string>

#include "jobs/training/trained_model.h"

namespace livetape::jobs {

// {"round": 12, "loss": ..., "accuracy": ..., "val_loss": ..., "val_accuracy": ...}
void AppendRound(std::string& out, const RoundFigures& figures);
// {"max_depth": 3, ...}
void AppendParameters(std::string& out, const TrainingParameters& parameters);
// [{"feature": "rsi_14", "gain": 0.4}, ...], the most important first.
void AppendImportance(std::string& out, const ModelFacts& facts);
// All of them in one object.
void AppendFacts(std::string& out, const ModelFacts& facts);

}  // namespace livetape::jobs
